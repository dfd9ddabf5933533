// Stands in until the first file.
