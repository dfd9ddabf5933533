import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a callback, so that a run can end with what it has finished. A second one ends the program at once.
final class Interruption {
  private final class Count: Sendable {
    let signals = Atomic<Int>(0)
  }

  private let sources: [any DispatchSourceSignal]

  /// Watches until it is let go of. `onSignal` is called for the first signal.
  init(onSignal: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "eb-tune.interruption")
    let count = Count()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if count.signals.add(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
        onSignal()
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}
