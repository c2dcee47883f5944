package dev.shiplog.bench.report;

/**
 * The product with many watchers, then with many objects.
 *
 * @param watched deliveries to many who watch one resource
 * @param watchingMb resident memory while they did
 * @param filled how the objects were made
 * @param restartSeconds from the command to ready, with all of them
 * @param restartedMb resident memory then
 * @param listed one list of all of them
 * @param listedMb resident memory after it
 */
record Scale(
    Result watched,
    long watchingMb,
    Result filled,
    double restartSeconds,
    long restartedMb,
    Result listed,
    long listedMb) {}
