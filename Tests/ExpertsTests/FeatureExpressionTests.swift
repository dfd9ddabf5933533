import Foundation
import Testing
import _TestSupport

@testable import Experts

struct FeatureExpressionTests {
  private func parsed(_ text: String) throws -> [FeatureExpression] { try FeatureTerm.parse(text).map(\.expression) }

  @Test func readsWhatPeopleType() throws {
    let x = FeatureExpression.column("x")
    let y = FeatureExpression.column("y")
    #expect(try parsed("") == [])
    #expect(try parsed(" x , y ") == [x, y])
    #expect(try parsed("`Wind Speed (m/s)`") == [.column("Wind Speed (m/s)")])
    #expect(try parsed("`a``b`") == [.column("a`b")])
    #expect(try parsed("fourier(hour, 24, 2)") == [.fourier(.column("hour"), period: 24, harmonics: 2)])
    #expect(try parsed("fourier(x,2*pi,1)") == [.fourier(x, period: 2 * Double.pi, harmonics: 1)])
    #expect(try parsed("poly(x,3)") == [.polynomial(x, degree: 3)])
    #expect(try parsed("standardize(x),standardise(x)") == [.standardized(x), .standardized(x)])
    #expect(try parsed("center(x),centre(x)") == [.centered(x), .centered(x)])
    #expect(try parsed("scale(x,-2)") == [.scaled(x, by: -2)])
    #expect(try parsed("log(x)") == [.function(.log, x)])
    #expect(try parsed("factor(x)") == [.factor("x")])
    #expect(try parsed("factor( `Wind, from` ):x") == [.interaction([.factor("Wind, from"), x])])
    #expect(try parsed("factor") == [.column("factor")])
    #expect(try parsed("x:y:x") == [.interaction([x, y, x])])
    #expect(try parsed("x:(y:x)") == [.interaction([x, y, x])])
    #expect(try parsed("(x+1):y") == [.interaction([.arithmetic(.plus, x, .number(1)), y])])
    #expect(try parsed("pi*x") == [.arithmetic(.times, .number(Double.pi), x)])
    #expect(try parsed("`pi`") == [.column("pi")])
    #expect(try parsed("x**2") == parsed("x^2"))
    #expect(try parsed("température") == [.column("température")])
  }

  @Test func bindsLikeMathematics() throws {
    let x = FeatureExpression.column("x")
    let one = FeatureExpression.number(1)
    let two = FeatureExpression.number(2)
    #expect(try parsed("-x^2") == [.negated(.arithmetic(.power, x, two))])
    #expect(try parsed("x^-1") == [.arithmetic(.power, x, .negated(one))])
    #expect(try parsed("x^2^1") == [.arithmetic(.power, x, .arithmetic(.power, two, one))])
    #expect(try parsed("x-1-2") == [.arithmetic(.minus, .arithmetic(.minus, x, one), two)])
    #expect(try parsed("1+2*x") == [.arithmetic(.plus, one, .arithmetic(.times, two, x))])
    #expect(try parsed("(1+2)*x") == [.arithmetic(.times, .arithmetic(.plus, one, two), x)])
    #expect(try parsed(".5*x,5.*x,1e-3*x").count == 3)
  }

  @Test(arguments: [
    "x", "-x", "x^2", "(-x)^2", "-x^2", "x-(y-1)", "(x-y)-1", "x/(y*2)", "x*-y", "x^(y+1)", "2^-x",
    "fourier(hour,24,2)",
    "fourier(x/2,0.4,1)", "poly(log(x),3)", "scale(x,-0.5)", "`a b`:c:(d+1)", "`q``t`", "log(x):poly(y,2)",
    "speed=log(wind)", "`my name`=fourier(x,7,1)", "standardize(x^2)", "center(x)", "1e-07*x", "x*(y*2)", "(x^2)^3",
    "factor(day)", "factor(`a b`):x:factor(c)", "d=factor(`q``t`)",
  ])
  func textReadsBack(_ text: String) throws {
    let terms = try FeatureTerm.parse(text)
    #expect(try FeatureTerm.parse(FeatureTerm.text(of: terms)) == terms)
    let decoded = try JSONDecoder().decode([FeatureTerm].self, from: JSONEncoder().encode(terms))
    #expect(decoded == terms)
  }

  @Test(arguments: [
    ("x,,y", 2, "\",\""), ("x,", 2, "the end"), ("log(x", 5, "the end"), ("logg(x)", 0, "unknown function"),
    ("x y", 2, "\"y\""), ("3", 0, "without a column"), ("fourier(x,0,1)", 10, "a period above 0"),
    ("fourier(x,24)", 12, "fourier(x, period, harmonics)"), ("fourier(x,24,1.5)", 13, "whole number"),
    ("poly(x,0)", 7, "whole number"), ("fourier(x,24,2)+1", 0, "makes 4 features"),
    ("x+poly(y,2)", 2, "makes 2 features"),
    ("x+y:z", 0, "found a sum"), ("x:y+z", 2, "found a sum"), ("(x:y)*2", 0, "multiply with *"),
    ("x:2", 2, "without a column"),
    ("`x", 0, "never closed"), ("``", 0, "empty name"), ("x;y", 1, "\";\""), ("1e999*x", 0, "not a finite number"),
    ("1.2.3*x", 0, "not a finite number"), ("3=x", 0, "where a name belongs"), ("scale(x,0)", 8, "other than 0"),
    ("a=poly(x,2):y", 2, "cannot share one name"), ("fourier(x,y,2)", 10, "a period above 0"), ("x^", 2, "the end"),
    ("factor(x)*2", 0, "every level but the first"), ("log(factor(x))", 4, "factor(x):x"),
    ("factor(x+1)", 8, "factor(column)"), ("factor(2)", 7, "a column belongs"), ("factor(", 7, "a column belongs"),
    ("a=factor(x):y", 2, "cannot share one name"), ("factor(x,y)", 8, "factor(column)"),
  ])
  func errorsShowThePlace(_ text: String, _ offset: Int, _ words: String) {
    let error = #expect(throws: FeatureSyntaxError.self) { try FeatureTerm.parse(text) }
    #expect(error?.offset == offset)
    #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
  }

  @Test func theSentenceQuotesTheListAndNamesThePlace() throws {
    let error = #expect(throws: FeatureSyntaxError.self) { try FeatureTerm.parse("hour, logg(x)") }
    #expect(
      error?.description.hasPrefix("Features \"hour, logg(x)\", character 7: ") == true, "\(error?.description ?? "")")
  }

  @Test func deepAndLongTextsAreRefusedNotCrashedOn() {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "x",
      "x" + String(repeating: "+x", count: 100_000), String(repeating: "log(", count: 50_000) + "x",
      "x" + String(repeating: "^x", count: 50_000), String(repeating: "poly(x,100):", count: 20) + "x",
    ] {
      #expect(throws: FeatureSyntaxError.self) { try FeatureTerm.parse(text) }
    }
  }

  @Test func randomTextsNeverCrash() {
    var generator = SplitMix(state: 7)
    let pieces = [
      "x", "y1", "`a b`", "(", ")", ",", ":", "+", "-", "*", "/", "^", "=", "2", "0.5", "pi", "log", "fourier", "poly",
      " ", "é", "\"", "\n",
    ]
    var readable = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
        pieces[Int.random(in: pieces.indices, using: &generator)]
      }.joined()
      do throws(FeatureSyntaxError) {
        let terms = try FeatureTerm.parse(text)
        readable += 1
        let again = try FeatureTerm.parse(FeatureTerm.text(of: terms))
        #expect(again == terms, "\(text)")
      } catch {
        #expect(error.offset >= 0 && error.offset <= text.count)
      }
    }
    #expect(readable > 100)
  }

  @Test func namesAreShort() throws {
    func names(_ text: String) throws -> [String] { try FeatureTerm.parse(text).flatMap { $0.featureNames() } }
    #expect(try names("fourier(hour,24,2)") == ["hour_sin1", "hour_cos1", "hour_sin2", "hour_cos2"])
    #expect(try names("poly(temperature,2)") == ["temperature", "temperature^2"])
    #expect(try names("standardize(x),center(x)") == ["x", "center(x)"])
    #expect(try names("a:poly(b,2)") == ["a:b", "a:b^2"])
    #expect(try names("speed=log(wind),day=fourier(hour,24,1)") == ["speed", "day_sin1", "day_cos1"])
    #expect(try names("log(wind)/2") == ["log(wind)/2"])
  }
}
