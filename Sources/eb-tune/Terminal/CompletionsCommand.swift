import ArgumentParser

/// `eb-tune completions SHELL`: a script that completes commands and options.
struct CompletionsCommand: ParsableCommand {
  /// Whose script.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash
    case zsh
    case fish

    var script: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a script that completes commands and options in a shell.",
    discussion: """
      eb-tune completions bash > ~/.local/share/bash-completion/completions/eb-tune
      eb-tune completions zsh > ~/.zsh/completions/_eb-tune
      eb-tune completions fish > ~/.config/fish/completions/eb-tune.fish
      """)

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func run() throws { try Console.standardOutput(EBTune.completionScript(for: shell.script) + "\n") }
}
