import Foundation
import Testing

/// A Markdown file of the repository as the tests of the documentation see it.
struct DocumentationPage: CustomTestStringConvertible, Sendable {
  /// A fenced block of code.
  struct Fence: Sendable {
    let language: String
    let lines: [String]
  }

  /// Relative to the top of the repository.
  let path: String
  let fences: [Fence]
  /// Everything outside of fences.
  let prose: String
  var testDescription: String { path }

  static let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The README, the guides, and what stands beside them.
  static let all: [DocumentationPage] = {
    let guides = ["Docs", "Docs/EBTune.docc"].flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []).filter {
        $0.hasSuffix(".md")
      }.sorted().map { "\(folder)/\($0)" }
    }
    return (["README.md"] + guides).compactMap { try? DocumentationPage($0) }
  }()

  static let guides = all.filter { $0.path.hasPrefix("Docs/EBTune.docc/") }

  init(_ path: String) throws {
    self.path = path
    let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    var fences: [Fence] = []
    var prose: [Substring] = []
    var open: (language: String, lines: [String])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = open {
          fences.append(Fence(language: block.language, lines: block.lines))
          open = nil
        } else {
          open = (String(line.dropFirst(3)), [])
        }
      } else if open != nil {
        open?.lines.append(String(line))
      } else {
        prose.append(line)
      }
    }
    self.fences = fences
    self.prose = prose.joined(separator: "\n")
  }

  /// Inline code.
  var spans: [String] { prose.matches(of: /`([^`\n]+)`/).map { String($0.1) } }

  /// The targets of links.
  var links: [String] { prose.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) } }

  /// The arguments of every eb-tune command in shell blocks and in inline code, where a placeholder or nothing but the name of a
  /// subcommand is no command to type.
  var commands: [[String]] {
    let typed = spans.filter {
      $0.split(separator: " ").count > 2 && $0.wholeMatch(of: /.*(…|\b[A-Z]{2,}\b).*/) == nil
    }
    return fences.filter { $0.language == "sh" }.flatMap { Self.commands(in: $0.lines) } + Self.commands(in: typed)
  }

  /// The arguments of the eb-tune commands in lines of shell.
  static func commands(in lines: [String]) -> [[String]] {
    lines.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n").flatMap { line in
      split(line).compactMap { words in
        let program = words.prefix(2) == ["swift", "run"] ? 2 : 0
        guard words.count > program, words[program] == "eb-tune" else { return nil }
        return Array(words[(program + 1)...].prefix { $0 != ">" })
      }
    }
  }

  /// A line of shell as simple commands, each as words: quotes are taken off, a comment is left out.
  private static func split(_ line: Substring) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var quote: Character?
    func end() {
      if let finished = word { commands[commands.count - 1].append(finished) }
      word = nil
    }
    for character in line {
      if let mark = quote {
        if character == mark { quote = nil } else { word = (word ?? "") + String(character) }
      } else if "'\"".contains(character) {
        (quote, word) = (character, word ?? "")
      } else if character == " " {
        end()
      } else if character == "#" && word == nil {
        break
      } else if ";|&".contains(character) {
        end()
        commands.append([])
      } else {
        word = (word ?? "") + String(character)
      }
    }
    end()
    return commands
  }
}
