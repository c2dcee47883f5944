package dev.shiplog.topics.testing;

import dev.shiplog.topics.fault.FaultHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps faults for a test to look at. */
public final class RecordingFaultHandler implements FaultHandler {

  private final List<Throwable> faults = new CopyOnWriteArrayList<>();

  @Override
  public void fault(String what, Throwable cause) {
    faults.add(new AssertionError(what, cause));
  }

  /** What was reported so far. */
  public List<Throwable> faults() {
    return List.copyOf(faults);
  }

  /** Fails with the first fault, if there was one. */
  public void assertNone() {
    if (!faults.isEmpty()) {
      throw new AssertionError("a fault was reported", faults.getFirst());
    }
  }
}
