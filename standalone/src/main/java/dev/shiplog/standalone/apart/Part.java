package dev.shiplog.standalone.apart;

/**
 * A part of Shiplog that has a process for itself. {@link #close} may come while {@link #start} is
 * under way, and ends it; the rest is asked from any thread at any time and answers at once.
 */
interface Part extends AutoCloseable {

  /** For logs. */
  String name();

  /**
   * Returns when nothing more has to be done for it to work; that may be some time before it does.
   *
   * @throws dev.shiplog.standalone.StartFailure if it cannot
   */
  void start();

  /** Whether only a new process helps. */
  boolean isDead();

  /** Whether it works, or would if another process did not. */
  boolean isReady();

  /** What it is doing, in a few words. */
  String doing();

  /** Hands over to another process, if there is one, and stops. A second time nothing happens. */
  @Override
  void close();
}
