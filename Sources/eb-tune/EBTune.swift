import ArgumentParser

@main
struct EBTune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eb-tune", abstract: "Empirical-Bayes tuning of prior hyperparameters.")

  mutating func run() async throws {}
}
