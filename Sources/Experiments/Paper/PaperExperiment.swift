import Experts

/// The experiments of the CoCoAFusE paper (sections 4 and 7, Appendices G and H).
public enum PaperExperiment: String, Sendable, Codable, CaseIterable {
  /// Simulated pure competition; Table 7.
  case `switch`
  /// Simulated rows between two lines; Table 8.
  case transition
  /// Motorcycle crash; Table 2.
  case motorcycle
  /// Wind turbine; Table 1.
  case wind
  /// Power distribution board; Table 3.
  case pdb

  /// A public file that an experiment reads.
  public struct DataFile: Sendable, Equatable {
    /// Its usual name.
    public let name: String
    /// Where it is published.
    public let origin: String
    /// The columns that are read.
    public let columns: [String]
  }

  /// The file that it needs; nil where it has its rows.
  public var dataFile: DataFile? {
    switch self {
    case .switch, .transition, .motorcycle: nil
    case .wind:
      DataFile(
        name: "T1.csv", origin: "\"Wind Turbine Scada Dataset\" by B. Erisen on Kaggle", columns: WindTurbine.Column.all
      )
    case .pdb:
      DataFile(
        name: "PDB_Load_History.csv", origin: "\"PDB Electric Power Load History\" by A. Yeafi on Kaggle",
        columns: PowerLoad.columns)
    }
  }
}
