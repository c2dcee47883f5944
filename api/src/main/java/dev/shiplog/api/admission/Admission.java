package dev.shiplog.api.admission;

import static java.util.concurrent.CompletableFuture.failedFuture;

import dev.shiplog.api.admission.AdmissionMetrics.Half;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The plug-ins, in order. */
public final class Admission {

  public static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final List<AdmissionPlugin> plugins;
  private final AdmissionMetrics metrics;

  /** Nobody sees how long they take. */
  public Admission(List<AdmissionPlugin> plugins) {
    this(plugins, AdmissionMetrics.unseen());
  }

  public Admission(List<AdmissionPlugin> plugins, AdmissionMetrics metrics) {
    this.plugins = List.copyOf(plugins);
    this.metrics = metrics;
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
    return step(request, Half.MUTATE, this::mutateTwice);
  }

  private CompletableFuture<Void> step(
      AdmissionRequest request,
      Half half,
      Function<AdmissionRequest, CompletableFuture<Void>> admission) {
    long began = System.nanoTime();
    try {
      return metrics.step(half, request, began, admission.apply(request));
    } catch (RuntimeException refusal) {
      var _ = metrics.step(half, request, began, failedFuture(refusal));
      throw refusal;
    }
  }

  private CompletableFuture<Void> mutateTwice(AdmissionRequest request) {
    CompletableFuture<Void> first = pass(request, 0, Half.MUTATE);
    if (first.isDone()) {
      return first.isCompletedExceptionally() ? first : again(request);
    }
    return first.thenComposeAsync(done -> again(request), request.caller().executor());
  }

  /** Asks each plug-in whether the object may be as it is now; the first refusal ends it. */
  public CompletableFuture<Void> validate(AdmissionRequest request) {
    return step(request, Half.VALIDATE, asked -> pass(asked, 0, Half.VALIDATE));
  }

  private CompletableFuture<Void> again(AdmissionRequest request) {
    return request.course().beginsAgain() ? pass(request, 0, Half.MUTATE) : DONE;
  }

  private CompletableFuture<Void> ask(AdmissionPlugin plugin, AdmissionRequest request, Half half) {
    long began = System.nanoTime();
    try {
      CompletableFuture<Void> admitted =
          switch (half) {
            case MUTATE -> plugin.mutate(request);
            case VALIDATE -> plugin.validate(request);
          };
      return metrics.plugin(plugin.name(), half, request, began, admitted);
    } catch (RuntimeException refusal) {
      var _ = metrics.plugin(plugin.name(), half, request, began, failedFuture(refusal));
      throw refusal;
    }
  }

  private CompletableFuture<Void> pass(AdmissionRequest request, int from, Half half) {
    for (int i = from; i < plugins.size(); i++) {
      AdmissionPlugin plugin = plugins.get(i);
      if (plugin.handles(request)) {
        CompletableFuture<Void> admitted = ask(plugin, request, half);
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
