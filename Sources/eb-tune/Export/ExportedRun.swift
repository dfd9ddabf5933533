import Experts
import Foundation
import LogDensities
import Priors
import TuningIO

/// A finished run as exports see it: its parameters as arrays, with the tuned priors, from its files alone.
struct ExportedRun: Sendable {
  let finished: FinishedRun
  let architecture: ExpertArchitecture
  /// The names of the experts' features.
  let expertFeatures: [String]
  /// The names of the gate's features; empty where the model has no gate.
  let gateFeatures: [String]
  /// The parameters that there are, in the order of a position.
  let blocks: [ExportedBlock]

  /// - Throws: `FinishedRunError`, and `Failure` for files that do not fit together.
  init(_ directory: String) throws {
    finished = try FinishedRun(path: directory)
    let entries = finished.priors.priors
    let experts = finished.configuration.experts
    func count(_ block: ExpertBlock) -> Int { entries.count { $0.block == block.rawValue } }
    guard let combination = Combination(rawValue: finished.configuration.model), experts >= 1 else {
      throw Failure("\(finished.path(of: .configuration)): there is no such model.", .data)
    }
    // A number that no list of parameters bears out would make arrays of any size.
    guard experts <= entries.count else {
      throw Failure("\(finished.path(of: .priors)): its parameters are not those of the model in config.json.", .data)
    }
    let columns = count(.gate) / max(1, experts - 1)
    architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: count(.slopes) / experts,
      gateFeatures: max(1, columns, count(.behaviour)))
    guard architecture.blocks.map(\.rawValue) == entries.map(\.block) else {
      throw Failure("\(finished.path(of: .priors)): its parameters are not those of the model in config.json.", .data)
    }
    let names = entries.map(\.parameter)
    expertFeatures = names[architecture.slopes].prefix(architecture.expertFeatures).map(Self.feature)
    let gate = architecture.gate.isEmpty ? architecture.behaviour : architecture.gate
    gateFeatures = names[gate].prefix(architecture.gateFeatures).map(Self.feature)
    let (shape, file) = (architecture, finished.path(of: .priors))
    blocks = try ExpertBlock.allCases.compactMap { block in
      let range = shape.range(of: block)
      return range.isEmpty ? nil : try ExportedBlock(block, shape, Array(entries[range]), file: file)
    }
  }

  var configuration: RunConfiguration { finished.configuration }
  var parameterNames: [String] { finished.priors.priors.map(\.parameter) }

  /// The feature of `slope[2,temperature]` or `behaviour[bias]`.
  private static func feature(_ parameter: String) -> String {
    guard let bracket = parameter.firstIndex(of: "["), parameter.hasSuffix("]") else { return parameter }
    let inside = parameter[parameter.index(after: bracket)...].dropLast()
    guard !parameter.hasPrefix("behaviour"), let comma = inside.firstIndex(of: ",") else { return String(inside) }
    return String(inside[inside.index(after: comma)...])
  }

  /// What every export says about itself, a sentence a line.
  var remarks: [String] {
    var lines = [
      "Written by eb-tune \(EBTune.configuration.version) from the run \(finished.path): model \(configuration.model),"
        + " target \(configuration.target), gamma \(configuration.gamma), seed \(configuration.seed).",
      "The hyperparameters are plugged in at their tuned values. This understates posterior uncertainty, because that of"
        + " the hyperparameters is left out; posterior.csv of the run has corrected standard deviations.",
    ]
    if configuration.order != Ordering.none.rawValue {
      lines.append("The run tells its experts apart by the order of their \(configuration.order).")
    }
    return lines.map { String($0.map { $0.isNewline ? " " : $0 }) }
  }

  /// The remarks as comments.
  func comment(_ mark: String) -> String { remarks.map { "\(mark) \($0)\n" }.joined() }
}

/// One block of parameters as an array.
struct ExportedBlock: Sendable {
  /// Parameters of one family of priors.
  struct Group: Sendable {
    let family: PriorFamily
    /// The places in the block, from 0.
    let members: [Int]
    /// For each of the family's hyperparameters its tuned values, one a member.
    let values: [[Double]]
  }

  let block: ExpertBlock
  let range: Range<Int>
  /// The array's shape; its last dimension is the fastest in a position.
  let shape: [Int]
  /// The names of its dimensions.
  let dimensions: [String]
  let groups: [Group]

  init(_ block: ExpertBlock, _ architecture: ExpertArchitecture, _ entries: [PriorExport.Entry], file: String) throws {
    self.block = block
    range = architecture.range(of: block)
    let (m, n, g) = (architecture.experts, architecture.expertFeatures, architecture.gateFeatures)
    switch block {
    case .intercepts, .noise: (shape, dimensions) = ([m], ["expert"])
    case .slopes: (shape, dimensions) = ([m, n], ["expert", "expert_feature"])
    case .gate: (shape, dimensions) = ([m - 1, g], ["gate_expert", "gate_feature"])
    case .behaviour: (shape, dimensions) = ([g], ["gate_feature"])
    }
    let families = try entries.map { entry in
      guard let family = PriorFamily(rawValue: entry.family),
        family.hyperparameters.map(\.quantity) == entry.hyperparameters.map(\.name)
      else { throw Failure("\(file): the prior of \(entry.parameter) is of no known family.", .data) }
      return family
    }
    groups = PriorFamily.allCases.compactMap { family in
      let members = families.indices.filter { families[$0] == family }
      guard !members.isEmpty else { return nil }
      let values = family.hyperparameters.indices.map { place in
        members.map { entries[$0].hyperparameters[place].tuned }
      }
      return Group(family: family, members: members, values: values)
    }
  }

  /// The array's name: that of its parameters.
  var name: String {
    switch block {
    case .intercepts: "intercept"
    case .slopes: "slope"
    case .gate: "gate"
    case .behaviour: "behaviour"
    case .noise: "sigma"
    }
  }

  /// A group's name, where there are several.
  func name(of group: Group) -> String {
    groups.count == 1 ? name : "\(name)_\(group.family.rawValue.replacingOccurrences(of: "-", with: "_"))"
  }
}
