package dev.shiplog.api.admission;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The plug-ins, in order. */
public final class Admission {

  static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final List<AdmissionPlugin> plugins;

  public Admission(List<AdmissionPlugin> plugins) {
    this.plugins = List.copyOf(plugins);
  }

  /** Asks each plug-in that handles the request; the first refusal ends it. */
  public CompletableFuture<Void> admit(AdmissionRequest request) {
    return admit(request, 0);
  }

  private CompletableFuture<Void> admit(AdmissionRequest request, int from) {
    for (int i = from; i < plugins.size(); i++) {
      AdmissionPlugin plugin = plugins.get(i);
      if (plugin.handles(request)) {
        CompletableFuture<Void> admitted = plugin.admit(request);
        if (!admitted.isDone()) {
          int next = i + 1;
          return admitted.thenComposeAsync(
              done -> admit(request, next), request.caller().executor());
        }
        if (admitted.isCompletedExceptionally()) {
          return admitted;
        }
      }
    }
    return DONE;
  }
}
