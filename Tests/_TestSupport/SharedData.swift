import Foundation

/// Data beside the repository that large tests read; absent on most machines, where those tests skip with a message.
public enum SharedData {
  /// The folder `shared` beside the checkout, or nil.
  public static var directory: URL? {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared = root.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
  }

  /// The file at `path` below that folder, or nil.
  public static func file(_ path: String) -> URL? {
    guard let file = directory?.appendingPathComponent(path), FileManager.default.fileExists(atPath: file.path) else {
      return nil
    }
    return file
  }
}

/// Small files that the tests carry with them, in `Tests/Fixtures`.
public enum Fixtures {
  /// The fixture of that name.
  public static func file(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name)
  }
}
