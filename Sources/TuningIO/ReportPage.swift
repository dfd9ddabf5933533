/// One self-contained HTML page, written so that it is XML as well: sections of words, tables and figures. It loads nothing and
/// runs no script.
public struct ReportPage: Sendable {
  /// A piece of a section.
  public enum Block: Sendable {
    /// A paragraph.
    case paragraph(String)
    /// A paragraph in smaller type, for what was left out and why.
    case remark(String)
    /// The conclusion in large type.
    case verdict(String, isGood: Bool)
    /// Findings, each with how it stands.
    case findings([Finding])
    /// A table.
    case table(ReportPageTable)
    /// A figure.
    case figure(SVGFigure)
    /// Text as typed, such as a command.
    case code(String)
    /// A heading below that of the section.
    case heading(String)
  }

  /// A sentence and how it stands.
  public struct Finding: Sendable {
    /// How a finding stands.
    public enum Status: String, Sendable {
      /// Nothing to worry about.
      case good = "OK"
      /// A reason for doubt.
      case warning = "Warning"
      /// To be known.
      case note = "Note"
    }

    /// How it stands.
    public var status: Status
    /// What was found.
    public var sentence: String

    /// A finding.
    public init(_ status: Status, _ sentence: String) {
      self.status = status
      self.sentence = sentence
    }
  }

  /// A part of the page with a heading and a place in the list of contents.
  public struct Section: Sendable {
    /// The heading.
    public var title: String
    /// Whether it opens a part of its own, such as one of several runs.
    public var isPart: Bool
    /// What it holds.
    public var blocks: [Block]

    /// A section.
    public init(_ title: String, isPart: Bool = false, _ blocks: [Block]) {
      self.title = title
      self.isPart = isPart
      self.blocks = blocks
    }
  }

  /// The title of the page.
  public var title: String
  /// A line below it.
  public var subtitle: String
  /// The sections in order.
  public var sections: [Section]
  /// The last line.
  public var footer: String

  /// A page.
  public init(title: String, subtitle: String, sections: [Section], footer: String) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
    self.footer = footer
  }

  /// The document.
  public var text: String {
    var figures = 0
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">", "<head>",
      "<meta charset=\"utf-8\"/>", "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>",
      "<meta name=\"color-scheme\" content=\"light dark\"/>", "<title>\(escaped(title))</title>",
      "<style>\(ReportPageStyle.text)</style>", "</head>", "<body>",
      "<a class=\"skip\" href=\"#s0\">Skip to the verdict</a>",
      "<header><h1>\(escaped(title))</h1><p>\(escaped(subtitle))</p></header>",
    ]
    lines += contents()
    lines.append("<main>")
    for (index, section) in sections.enumerated() {
      let level = section.isPart || !hasParts ? 2 : 3
      lines.append("<section aria-labelledby=\"s\(index)\"\(section.isPart ? " class=\"part\"" : "")>")
      lines.append("<h\(level) id=\"s\(index)\">\(escaped(section.title))</h\(level)>")
      for block in section.blocks { lines += element(block, level: level + 1, &figures) }
      lines.append("</section>")
    }
    lines += ["</main>", "<footer><p>\(escaped(footer))</p></footer>", "</body>", "</html>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private var hasParts: Bool { sections.contains(where: \.isPart) }

  private func contents() -> [String] {
    let links = sections.enumerated().filter { !hasParts || $0.element.isPart }.map {
      "<li><a href=\"#s\($0.offset)\">\(escaped($0.element.title))</a></li>"
    }
    guard links.count > 1 else { return [] }
    return ["<nav aria-label=\"Contents\"><ul>"] + links + ["</ul></nav>"]
  }

  private func element(_ block: Block, level: Int, _ figures: inout Int) -> [String] {
    switch block {
    case .paragraph(let words): return ["<p>\(escaped(words))</p>"]
    case .remark(let words): return ["<p class=\"remark\">\(escaped(words))</p>"]
    case .verdict(let words, let isGood):
      return ["<p class=\"verdict \(isGood ? "good" : "doubt")\">\(escaped(words))</p>"]
    case .findings(let findings):
      let items = findings.map {
        "<li class=\"\($0.status)\"><strong>\($0.status.rawValue)</strong> <span>\(escaped($0.sentence))</span></li>"
      }
      return ["<ul class=\"findings\">"] + items + ["</ul>"]
    case .table(let table): return table.elements
    case .code(let words): return ["<pre><code>\(escaped(words))</code></pre>"]
    case .heading(let words): return ["<h\(level)>\(escaped(words))</h\(level)>"]
    case .figure(let figure):
      figures += 1
      return elements(figure, number: figures, level: level)
    }
  }

  private func elements(_ figure: SVGFigure, number: Int, level: Int) -> [String] {
    let panels = figure.stacks.enumerated().map { index, stack in
      let plots = stack.enumerated().map { $1.element(id: "g\(number)-\(index)-\($0)", isAlone: false) }
      return "<div class=\"panel\">\(plots.joined(separator: "\n"))</div>"
    }
    return ["<figure>", "<h\(level)>\(escaped(figure.title))</h\(level)>", "<div class=\"panels\">"] + panels + [
      "</div>", "<figcaption>\(escaped(figure.caption))</figcaption>", "</figure>",
    ]
  }

  private func escaped(_ words: String) -> String { SVGText.escaped(words) }
}
