import Foundation
import Testing

@testable import TuningIO

@Suite struct ReportPageTests {
  private var page: ReportPage {
    var table = ReportPageTable("Values <of> & all", ["name", "#value"])
    table.append(["<script>alert(1)</script>", "1.5"])
    return ReportPage(
      title: "A & B", subtitle: "runs/<x>",
      sections: [
        .init(
          "Verdict",
          [
            .verdict("Good \"so\"", isGood: true), .findings([.init(.warning, "5 < 6"), .init(.good, "fine")]),
            .table(table),
          ]),
        .init("Figures", [.figure(SVGFigureTests.figure), .figure(SVGFigureTests.figure), .code("a 'b' && c")]),
        .init("Rest", [.paragraph("p"), .remark("left out"), .heading("more")]),
      ], footer: "end")
  }

  /// The page is XML without anything from outside and without scripts; text of users stays text.
  @Test func isWellFormedAndSelfContained() {
    let text = page.text
    let parsed = ParsedXML(text)
    #expect(parsed.isWellFormed)
    #expect(parsed.elements["script"] == nil && parsed.elements["link"] == nil && parsed.elements["img"] == nil)
    #expect(parsed.addresses.allSatisfy { $0.hasPrefix("#") })
    #expect(parsed.text.contains("<script>alert(1)</script>") && parsed.text.contains("runs/<x>"))
    #expect(!text.contains("url(http") && !text.contains("@import"))
  }

  /// What screen readers go by: one first heading, named sections, scoped table headings with captions, plots with titles and
  /// descriptions, ids that differ and links that lead somewhere.
  @Test func canBeRead() {
    let text = page.text
    let parsed = ParsedXML(text)
    #expect(parsed.elements["h1"] == 1 && parsed.elements["main"] == 1 && parsed.elements["caption"] == 1)
    #expect(text.contains("<th scope=\"col\" class=\"n\">value</th>") && text.contains("<th scope=\"row\">"))
    #expect(parsed.elements["svg"] == 6 && parsed.elements["desc"] == 6)
    #expect(Set(parsed.identifiers).count == parsed.identifiers.count)
    #expect(Set(parsed.references).isSubset(of: Set(parsed.identifiers)))
    #expect(parsed.addresses.allSatisfy { parsed.identifiers.contains(String($0.dropFirst())) })
    #expect(text.contains("prefers-color-scheme:dark") && text.contains("@media print") && text.contains("lang=\"en\""))
  }

  /// Every class that a drawing colours with has its rule for dark ground.
  @Test func darkRulesCoverTheDrawings() {
    let svg = SVGFigureTests.figure.text()
    let classes = Set(svg.matches(of: /class="([a-z0-9]+)"/).map { String($0.output.1) })
    #expect(classes.count > 8)
    for name in classes { #expect(SVGColour.darkRules.contains(".\(name){"), "\(name)") }
    #expect(SVGColour.light.count == SVGColour.dark.count && Set(SVGColour.light).count == SVGColour.light.count)
  }
}
