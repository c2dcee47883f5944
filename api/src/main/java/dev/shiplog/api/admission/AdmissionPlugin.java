package dev.shiplog.api.admission;

import java.util.concurrent.CompletableFuture;

/**
 * One rule on what may get in. All mutating halves run before the object is validated, all
 * validating ones after. Any thread; must not block.
 */
public interface AdmissionPlugin {

  /** Kubernetes' name of it. */
  String name();

  /** Whether it looks at the request at all. Asked for every write: must cost next to nothing. */
  boolean handles(AdmissionRequest request);

  /**
   * Completes the object, or refuses it. May be asked again about the same object, after a webhook
   * or policy changed it.
   *
   * @return fails with an {@link dev.shiplog.api.status.ApiFailure} to refuse; it may also be
   *     thrown
   */
  default CompletableFuture<Void> mutate(AdmissionRequest request) {
    return Admission.DONE;
  }

  /** Refuses the object as it will be stored, or lets it pass; must not change it. */
  default CompletableFuture<Void> validate(AdmissionRequest request) {
    return Admission.DONE;
  }
}
