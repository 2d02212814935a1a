import ArgumentParser
@main struct CropBenchmark: ParsableCommand {}
