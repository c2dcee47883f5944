package dev.shiplog.topics.fault;

/**
 * Where bugs and broken invariants go, as opposed to refusals and passing errors. In production it
 * stops the process with the message; in tests it records, and must end empty. Any thread.
 */
@FunctionalInterface
public interface FaultHandler {

  /**
   * Reports a fault.
   *
   * @param what what was being done, as a sentence for the operator
   * @param cause may be null
   */
  void fault(String what, Throwable cause);
}
