import Dispatch
import Foundation

/// Ctrl-C and SIGTERM, turned into the cancellation of a task, so that a run ends with what it has finished. A second one ends
/// the program at once.
final class Interruption: Sendable {
  private let sources: [any DispatchSourceSignal & Sendable]

  /// Watches until it is let go of. `onSignal` is called for the first signal.
  init(onSignal: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "eb-tune.interruption")
    let count = SignalCount()
    sources = [SIGINT, SIGTERM].map { signalNumber in
      signal(signalNumber, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: signalNumber, queue: queue)
      source.setEventHandler {
        if count.next() > 1 { _exit(128 + signalNumber) }
        onSignal()
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}

/// How many signals came.
private final class SignalCount: @unchecked Sendable {
  // Touched on the serial queue of the signals alone.
  private var value = 0

  func next() -> Int {
    value += 1
    return value
  }
}
