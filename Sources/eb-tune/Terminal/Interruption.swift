import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a callback, so that a run can end with what it has finished. A second one ends the program at once;
/// but SIGTERM right after SIGTERM is the same wish, which some supervisors send to a process and then to its group.
private final class Interruption {
  private final class First: Sendable {
    let instant = Mutex<ContinuousClock.Instant?>(nil)
  }

  private static let echo = Duration.milliseconds(500)

  private let sources: [any DispatchSourceSignal]

  /// Watches until it is let go of. `onSignal` is called for the first signal.
  init(onSignal: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "eb-tune.interruption")
    let first = First()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        let before = first.instant.withLock { instant in
          defer { instant = instant ?? .now }
          return instant
        }
        guard let before else { return onSignal() }
        if number != SIGTERM || .now - before > Self.echo { _exit(128 + number) }
      }
      source.activate()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }
}

/// An interruption that lets an outer iteration come to its end, if that is near: who stops a program waits seconds for it,
/// not minutes, before it is killed. Anything else is left at once.
final class StopRequest: Sendable {
  private struct State {
    var isMade = false
    var isIterating = false
  }

  /// How long the end of an iteration is waited for, in seconds; containers are stopped after ten.
  static let patience = 5.0

  private let state = Mutex(State())

  /// Does `body` in a task that Ctrl-C and SIGTERM stop.
  static func obeyed(by body: @escaping @Sendable (StopRequest) async throws -> Void) async throws {
    let request = StopRequest()
    let work = Task { try await body(request) }
    let interruption = Interruption {
      guard request.make() else { return work.cancel() }
      DispatchQueue.global().asyncAfter(deadline: .now() + patience) { work.cancel() }
    }
    defer { withExtendedLifetime(interruption) {} }
    try await work.value
  }

  /// Says that iterations begin or are over.
  func setIterating(_ isIterating: Bool) { state.withLock { $0.isIterating = isIterating } }

  /// Cancels the current task where a request was made. To be called between two iterations.
  func obey() {
    guard state.withLock({ $0.isMade }) else { return }
    withUnsafeCurrentTask { $0?.cancel() }
  }

  /// Makes the request; whether there is an iteration to wait for.
  private func make() -> Bool {
    state.withLock {
      $0.isMade = true
      return $0.isIterating
    }
  }
}
