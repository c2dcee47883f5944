package dev.shiplog.streams.kit.core;

/**
 * Tells when an application has read all that was in its source topics at some moment. Until then a
 * view may lack objects, and whoever acts on what is absent would be wrong.
 */
public interface CatchUp {

  /** The moment is now. Does not block. May be called again; then the later moment counts. */
  void start();

  /** True once everything that was there at the last {@link #start} has been read. */
  boolean done();

  /** For drivers that hand over everything before they start an application. */
  static CatchUp immediate() {
    return new CatchUp() {
      @Override
      public void start() {}

      @Override
      public boolean done() {
        return true;
      }
    };
  }
}
