package dev.shiplog.standalone.memory;

/** The part of the heap where objects end up that outlive a few collections. Sizes in bytes. */
interface OldGeneration {

  /** What lies in it, alive or dead. */
  long used();

  /** What lay in it right after it was last collected; 0 if it never was. */
  long alive();

  /** Collects it; everything stands still meanwhile. */
  void collect();
}
