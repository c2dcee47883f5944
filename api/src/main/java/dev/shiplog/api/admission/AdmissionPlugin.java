package dev.shiplog.api.admission;

import java.util.concurrent.CompletableFuture;

/** One rule on what may get in. Any thread; must not block. */
public interface AdmissionPlugin {

  /** Kubernetes' name of it. */
  String name();

  /** Whether it looks at the request at all. */
  boolean handles(AdmissionRequest request);

  /**
   * Completes the object, or refuses it.
   *
   * @return fails with an {@link dev.shiplog.api.status.ApiFailure} to refuse; it may also be
   *     thrown
   */
  CompletableFuture<Void> admit(AdmissionRequest request);
}
