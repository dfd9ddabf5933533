import COpenBLAS

/// Chains and restarts are threads already; a threaded BLAS below them would only contend.
package enum SingleThreadedBLAS {
  private static let once: Void = openblas_set_num_threads(1)

  /// Whoever calls BLAS from several tasks calls this first.
  package static func ensure() { _ = once }
}
