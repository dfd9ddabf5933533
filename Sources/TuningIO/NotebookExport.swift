/// A notebook as a list of cells, apart from the format that it is written in.
public struct NotebookExport: Sendable, Equatable {
  /// A cell.
  public enum Cell: Sendable, Equatable {
    /// Markdown.
    case text(String)
    /// Python.
    case code(String)
  }

  /// The formats.
  public enum Format: String, Sendable, CaseIterable {
    /// Jupyter's, nbformat 4.5.
    case ipynb
    /// Quarto's.
    case qmd
  }

  /// What it is about, in a line.
  public var title: String
  /// Its cells from the first to the last; the title is none of them.
  public var cells: [Cell]

  /// A notebook.
  public init(title: String, cells: [Cell]) {
    self.title = title
    self.cells = cells
  }

  /// The notebook in a format, nothing executed.
  /// - Throws: `EncodingError`.
  public func text(_ format: Format) throws -> String {
    switch format {
    case .ipynb: try JSONText.document(JupyterNotebook(self))
    case .qmd: quarto
    }
  }

  /// Quarto's markdown: code stands between fences.
  private var quarto: String {
    let quoted = title.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let head =
      "---\ntitle: \"\(quoted)\"\nformat:\n  html:\n    embed-resources: true\n    toc: true\njupyter: python3\n---\n"
    return cells.reduce(into: head) { text, cell in
      switch cell {
      case .text(let markdown): text += "\n\(markdown)\n"
      case .code(let code): text += "\n```{python}\n\(code)\n```\n"
      }
    }
  }
}

/// The file format of Jupyter, version 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html.
private struct JupyterNotebook: Encodable {
  struct Cell: Encodable {
    let id: String
    let source: [String]
    let isCode: Bool

    private enum Key: String, CodingKey {
      case type = "cell_type"
      case id
      case metadata
      case source
      case outputs
      case count = "execution_count"
    }

    /// Cells of code must say that they were not executed.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(isCode ? "code" : "markdown", forKey: .type)
      try container.encode(id, forKey: .id)
      try container.encode([String: String](), forKey: .metadata)
      try container.encode(source, forKey: .source)
      guard isCode else { return }
      try container.encode([String](), forKey: .outputs)
      try container.encodeNil(forKey: .count)
    }
  }

  struct Metadata: Encodable {
    let kernelspec = ["display_name": "Python 3", "language": "python", "name": "python3"]
    let languageInfo = ["name": "python"]

    private enum CodingKeys: String, CodingKey {
      case kernelspec
      case languageInfo = "language_info"
    }
  }

  let cells: [Cell]
  let metadata = Metadata()
  let format = 4
  let minorFormat = 5

  private enum CodingKeys: String, CodingKey {
    case cells
    case metadata
    case format = "nbformat"
    case minorFormat = "nbformat_minor"
  }

  init(_ notebook: NotebookExport) {
    cells = ([.text("# \(notebook.title)")] + notebook.cells).enumerated().map { place, cell in
      switch cell {
      case .text(let text): Cell(id: "cell-\(place)", source: Self.lines(text), isCode: false)
      case .code(let text): Cell(id: "cell-\(place)", source: Self.lines(text), isCode: true)
      }
    }
  }

  /// The lines of a text, each but the last with its line break.
  private static func lines(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.dropLast().map { $0 + "\n" } + lines.suffix(1)
  }
}
