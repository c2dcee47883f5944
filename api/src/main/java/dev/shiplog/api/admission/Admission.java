package dev.shiplog.api.admission;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** The plug-ins, in order. */
public final class Admission {

  public static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final List<AdmissionPlugin> plugins;

  public Admission(List<AdmissionPlugin> plugins) {
    this.plugins = List.copyOf(plugins);
  }

  /** Whether any plug-in looks at the request. */
  public boolean handles(AdmissionRequest request) {
    for (int i = 0; i < plugins.size(); i++) {
      if (plugins.get(i).handles(request)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Lets each plug-in that handles the request complete the object; the first refusal ends it. If a
   * webhook or policy changed the object, all are asked once more.
   */
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    CompletableFuture<Void> first = pass(request, 0, AdmissionPlugin::mutate);
    if (first.isDone()) {
      return first.isCompletedExceptionally() ? first : again(request);
    }
    return first.thenComposeAsync(done -> again(request), request.caller().executor());
  }

  /** Asks each plug-in whether the object may be as it is now; the first refusal ends it. */
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    return pass(request, 0, AdmissionPlugin::validate);
  }

  private CompletableFuture<Void> again(AdmissionRequest request) {
    return request.course().beginsAgain() ? pass(request, 0, AdmissionPlugin::mutate) : DONE;
  }

  private CompletableFuture<Void> pass(
      AdmissionRequest request,
      int from,
      BiFunction<AdmissionPlugin, AdmissionRequest, CompletableFuture<Void>> half) {
    for (int i = from; i < plugins.size(); i++) {
      AdmissionPlugin plugin = plugins.get(i);
      if (plugin.handles(request)) {
        CompletableFuture<Void> admitted = half.apply(plugin, request);
        if (!admitted.isDone()) {
          int next = i + 1;
          return admitted.thenComposeAsync(
              done -> pass(request, next, half), request.caller().executor());
        }
        if (admitted.isCompletedExceptionally()) {
          return admitted;
        }
      }
    }
    return DONE;
  }
}
