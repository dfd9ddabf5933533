import Experts
import LogDensities
import TuningIO

extension Table: ColumnSource {
  /// The cells of a column as categories.
  public func categories(_ name: String) throws -> CategoryColumn {
    let cells = try categories(of: name)
    return CategoryColumn(text: cells.text, numbers: cells.numbers)
  }
}

/// Some rows of a source, which keep their places in it for error messages.
struct SelectedRows<Source: ColumnSource>: ColumnSource {
  let source: Source
  let indices: [Int]

  var columnNames: [String] { source.columnNames }

  func column(_ name: String) throws -> [Double] {
    let all = try source.column(name)
    return indices.map { all[$0] }
  }

  func categories(_ name: String) throws -> CategoryColumn { try source.categories(name).selecting(indices) }

  func place(ofRow index: Int) -> String { source.place(ofRow: indices[index]) }
}

extension Study {
  /// What the data options name.
  /// - Parameter directory: What relative paths are relative to; nil for the working directory.
  /// - Throws: whatever is wrong with the file, its columns or the expressions.
  static func load(_ options: DataOptions, seed: UInt64, in directory: String? = nil) throws -> Study {
    guard let file = options.data else { return try builtIn(options, seed: seed) }
    let table = try Table(path: file, in: directory)
    let all = Array(0..<table.rows)
    if let testFile = options.testData {
      let test = try Table(path: testFile, in: directory)
      return try user(
        options, table, training: SelectedRows(source: table, indices: all),
        test: SelectedRows(source: test, indices: Array(0..<test.rows)))
    }
    let heldOut = try heldOut(of: table, options, seed: seed)
    return try user(
      options, table, training: SelectedRows(source: table, indices: all.filter { !heldOut.contains($0) }),
      test: heldOut.isEmpty ? nil : SelectedRows(source: table, indices: heldOut.sorted()))
  }

  /// The rows of a file that its own options hold out: those after a value, or a random share.
  private static func heldOut(of table: Table, _ options: DataOptions, seed: UInt64) throws -> Set<Int> {
    if let after = options.testAfter { return try TestAfter(after, in: table).rows(of: table) }
    let share = options.testFraction ?? 0
    let held = share > 0 ? max(1, Int((share * Double(table.rows)).rounded())) : 0
    guard held == 0 || table.rows - held >= 2 else {
      throw Failure(
        "\(table.file): --test-fraction \(share) leaves \(table.rows - held) of \(table.rows) rows to fit; give a smaller one.",
        .usage)
    }
    return Set(shuffled(Array(0..<table.rows), seed: options.splitSeed ?? seed).prefix(held))
  }

  private static func builtIn(_ options: DataOptions, seed: UInt64) throws -> Study {
    let name = options.problem ?? BuiltInProblem.power.rawValue
    guard let problem = BuiltInProblem(rawValue: name)?.problem(seed: seed) else {
      let hint = NearestNames.hint(for: name, among: BuiltInProblem.allCases.map(\.rawValue))
      throw Failure("There is no problem \"\(name)\"; \(hint)", .usage)
    }
    let expertTerms = options.expert ?? problem.expertTerms
    let gateTerms = options.gate ?? problem.gateTerms
    let rows = try rows(
      target: problem.target, scaling: { _ in problem.scaling }, expertTerms: expertTerms, gateTerms: gateTerms,
      standardizes: problem.standardizesColumns, training: problem.training,
      test: problem.test.rows > 0 ? problem.test : nil)
    return Study(
      name: problem.name, summary: problem.summary, isSimulated: problem.isSimulated, notes: problem.notes,
      warnings: rows.warnings,
      target: problem.target,
      expertTerms: expertTerms, gateTerms: gateTerms, scaling: rows.scaling,
      standardizes: problem.standardizesColumns, designs: rows.designs,
      columns: rows.columns, training: rows.training, test: rows.test, experts: problem.experts,
      handPriors: options.defaultPriors ? nil : problem.priors,
      source: .init(problem: name, rows: rows.training.count, testRows: rows.test?.count ?? 0))
  }

  private static func user(
    _ options: DataOptions, _ table: Table, training: SelectedRows<Table>, test: SelectedRows<Table>?
  ) throws -> Study {
    let target = options.target ?? ""
    let rows = try naming(table.file, splitAtRandom: options.testFraction != nil) {
      try self.rows(
        target: target,
        scaling: {
          let standardizing = try ResponseScaling.standardizing($0, name: target)
          return options.rawScale ? .identity : standardizing
        },
        expertTerms: options.expert ?? "", gateTerms: options.gate ?? "", standardizes: !options.rawScale,
        training: training, test: test)
    }
    return Study(
      name: table.file, summary: "\(table.file), target \(target).", isSimulated: false, notes: [],
      warnings: rows.warnings,
      target: target,
      expertTerms: options.expert ?? "", gateTerms: options.gate ?? "", scaling: rows.scaling,
      standardizes: !options.rawScale, designs: rows.designs,
      columns: rows.columns, training: rows.training, test: rows.test, experts: 2, handPriors: nil,
      source: .init(
        file: table.file, sha256: table.fingerprint,
        testSha256: options.testData.flatMap { _ in test?.source.fingerprint },
        rows: rows.training.count, testRows: rows.test?.count ?? 0))
  }

  /// The same error with the file before it, where the error does not name a place itself: a design knows rows and
  /// columns, not where they come from.
  private static func naming<Value>(
    _ file: String, splitAtRandom isRandom: Bool, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch let error as DesignError {
      switch error {
      case .nonFinite: throw error
      case .unseenLevel where isRandom:
        throw Failure("\(error.description.dropLast()); another --split-seed may leave it some.", .data)
      case .unseenLevel: throw error
      default: break
      }
      throw Failure("\(file): \(error.description)", .data)
    } catch let failure as Failure where failure.status == .data {
      throw Failure("\(file): \(failure.sentence)", .data)
    }
  }

  /// Fisher and Yates' shuffle.
  static func shuffled(_ values: [Int], seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: .partition)
    var values = values
    for last in values.indices.dropFirst().reversed() { values.swapAt(last, stream.integer(below: last + 1)) }
    return values
  }
}
