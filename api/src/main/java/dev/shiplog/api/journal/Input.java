package dev.shiplog.api.journal;

/** Something the loop is to do with the journal. */
@FunctionalInterface
interface Input {
  void handle(Journal journal, long nowNanos);
}
