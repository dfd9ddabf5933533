#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// A **simulation** shaped like the power distribution board experiment of the CoCoAFusE paper (section 7): hourly load of a
/// region over eight years. No row of it was ever measured.
///
/// Three regimes, each with a daily profile and a slope in temperature of its own: heating (cold), idle (mild, and much of the
/// weekends), cooling (hot). Which one rules a row depends on season, weekend and temperature by a softmax gate. In autumn
/// the regimes blend, in spring each row takes one of them: data of exactly the kind that CoCoAFusE describes.
/// Levels, slopes, profiles and noise are round numbers near those of the real load history (7,800 to 27,600, mean 14,700,
/// standard deviation 2,900; −7 to 100 degrees Fahrenheit).
public enum PowerSimulation {
  /// 1000 training rows, drawn from the first 80 % of the hours, and 250 test rows, equispaced over the last 20 %.
  public static func problem(seed: UInt64 = 1) -> Problem {
    let weather = hourlyWeather(seed: seed)
    let hours = weather.rows
    let trainingHours = hours * 4 / 5
    var partition = RandomStream(seed: seed, purpose: .partition)
    let spacing = Double(hours - 1 - trainingHours) / 249
    var load = RandomStream(seed: seed, iteration: 1, purpose: .simulation)
    let training = addingDemand(
      to: weather.selecting(partition.sample(1000, of: Array(0..<trainingHours)).sorted()), &load)
    let test = addingDemand(
      to: weather.selecting((0..<250).map { trainingHours + Int((Double($0) * spacing).rounded()) }), &load)
    let moments = Moments(of: training.values[training.columnNames.count - 1])
    return Problem(
      name: "power",
      summary: "Simulated hourly electric load, shaped like the CoCoAFusE paper's power distribution data.",
      isSimulated: true, training: training, test: test, target: "demand",
      expertTerms: "fourier(hour,24,4),temperature",
      gateTerms: "fourier(month,12,2),weekend,poly(temperature,2)", standardizesColumns: true,
      scaling: ResponseScaling(location: moments.mean, scale: moments.standardDeviation), experts: 3, priors: nil,
      notes: [
        "The data are simulated (seed \(seed)), no measurement: three regimes (heating, idle, cooling) that blend in autumn and compete in spring.",
        "hour counts from 1 to 24, month from 1 to 12, weekend is 1 on Saturdays and Sundays; temperature is in degrees Fahrenheit; demand has the size of megawatts.",
      ])
  }

  /// One of the three regimes.
  struct Regime {
    let level: Double
    /// Weights of sin, cos of 2π hour/24, then of two, three and four times that frequency.
    let profile: [Double]
    /// A degree away from `reference`.
    let slope: Double
    let reference: Double
    let noise: Double
  }

  static let regimes = [
    Regime(
      level: 15_900, profile: [-2700, -1650, -1500, -250, 350, -200, 150, 0], slope: -110, reference: 28, noise: 620),
    Regime(
      level: 12_600, profile: [-2100, -1500, -1150, 100, 0, -250, 100, 100], slope: -15, reference: 52, noise: 480),
    Regime(
      level: 18_500, profile: [-1300, -1300, -1250, 500, -300, 150, 0, -150], slope: 300, reference: 76, noise: 950),
  ]

  /// Every hour of the years 2007 to 2014: hour, weekend, month, temperature.
  static func hourlyWeather(seed: UInt64) -> NumericColumns {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    var hours: [Double] = []
    var weekends: [Double] = []
    var months: [Double] = []
    var temperatures: [Double] = []
    // Weekdays count from 1 (Sunday) to 7, and 1 January 2007 was a Monday; day-to-day weather is an autoregression of order 1 with standard deviation 8.
    var weekday = 2
    var weather = 8 * stream.normal()
    for year in 2007...2014 {
      var dayOfYear = 0.0
      for (month, days) in monthLengths(year).enumerated() {
        for _ in 0..<days {
          let tomorrow = 0.65 * weather + 8 * (1 - 0.65 * 0.65).squareRoot() * stream.normal()
          let season = 50.5 - 23 * cos(2 * Double.pi * (dayOfYear - 22) / 365.25)
          for hour in 1...24 {
            let passing = weather + (tomorrow - weather) * Double(hour) / 24
            let daily = -6 * cos(2 * Double.pi * (Double(hour) - 4) / 24)
            hours.append(Double(hour))
            weekends.append(weekday == 1 || weekday == 7 ? 1 : 0)
            months.append(Double(month + 1))
            temperatures.append((season + passing + daily + stream.normal()).rounded())
          }
          weather = tomorrow
          weekday = weekday % 7 + 1
          dayOfYear += 1
        }
      }
    }
    return NumericColumns(
      names: ["hour", "weekend", "month", "temperature"], values: [hours, weekends, months, temperatures])
  }

  /// The same rows with a column `demand`.
  private static func addingDemand(to weather: NumericColumns, _ stream: inout RandomStream) -> NumericColumns {
    let demand = (0..<weather.rows).map { row in
      self.demand(
        hour: weather.values[0][row], weekend: weather.values[1][row], month: weather.values[2][row],
        temperature: weather.values[3][row], &stream)
    }
    return NumericColumns(names: weather.columnNames + ["demand"], values: weather.values + [demand])
  }

  /// One draw of CoCoAFusE (equation 17) with the regimes as experts.
  private static func demand(
    hour: Double, weekend: Double, month: Double, temperature: Double, _ stream: inout RandomStream
  ) -> Double {
    let angle = 2 * Double.pi * hour / 24
    let waves = (1...4).flatMap { [sin(Double($0) * angle), cos(Double($0) * angle)] }
    let means = regimes.map { regime in
      var mean = regime.level + regime.slope * (temperature - regime.reference)
      for (weight, wave) in zip(regime.profile, waves) { mean += weight * wave }
      return mean
    }
    let weights = gate(weekend: weekend, month: month, temperature: temperature)
    let fusion = behaviour(month: month)
    var blendMean = 0.0
    var blendVariance = 0.0
    for (index, weight) in weights.enumerated() {
      blendMean += weight * means[index]
      blendVariance += weight * regimes[index].noise * regimes[index].noise
    }
    let chosen = stream.categorical(weights)
    let variance = fusion * regimes[chosen].noise * regimes[chosen].noise + (1 - fusion) * blendVariance
    let mean = fusion * means[chosen] + (1 - fusion) * blendMean
    return (mean + variance.squareRoot() * stream.normal()).rounded()
  }

  /// Weights of the three regimes: a softmax in temperature, and in weekend and season beside it.
  static func gate(weekend: Double, month: Double, temperature: Double) -> [Double] {
    let summer = -cos(2 * Double.pi * (month - 1) / 12)
    let logits = [(44 - temperature) / 8 - 0.8 * summer, 2.5 * weekend, (temperature - 66) / 8 + 0.8 * summer]
    let largest = logits.reduce(0, max)
    let exponentials = logits.map { exp($0 - largest) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }

  /// β: near 1 (mixture) in spring, near 0 (blend) in autumn.
  static func behaviour(month: Double) -> Double { 1 / (1 + exp(1 - 4 * sin(2 * Double.pi * (month - 1) / 12))) }

  private static func monthLengths(_ year: Int) -> [Int] {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  }
}
