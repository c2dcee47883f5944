package dev.shiplog.api.admission.webhook;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionCourse;
import dev.shiplog.api.admission.AdmissionMetrics;
import dev.shiplog.api.admission.AdmissionMetrics.Half;
import dev.shiplog.api.admission.AdmissionRequest;
import dev.shiplog.api.admission.expressions.Expression.EvaluationException;
import dev.shiplog.api.admission.expressions.RequestVariables;
import dev.shiplog.api.admission.matching.ByRevision;
import dev.shiplog.api.admission.webhook.Review.Verdict;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What mutating and validating webhooks have in common: which are asked, and how. Any thread. */
final class Webhooks {

  private static final Logger LOG = Logger.getLogger(Webhooks.class);
  private static final String GROUP = "admissionregistration.k8s.io";

  private final boolean mutating;
  private final ByRevision<List<Webhook>> configured;
  private final WebhookCaller caller;
  private final Supplier<ResourceCatalogue> catalogue;
  private final Authorizer authorizer;
  private final AdmissionMetrics metrics = new AdmissionMetrics(ProcessMetrics.here().registry());
  private final Half half;

  Webhooks(
      boolean mutating,
      WebhookCaller caller,
      Supplier<ResourceCatalogue> catalogue,
      Authorizer authorizer) {
    this.mutating = mutating;
    this.half = mutating ? Half.MUTATE : Half.VALIDATE;
    this.configured =
        new ByRevision<>(
            StorageResource.of(
                mutating ? "mutatingwebhookconfigurations" : "validatingwebhookconfigurations",
                GROUP),
            Webhook::of);
    this.caller = caller;
    this.catalogue = catalogue;
    this.authorizer = authorizer;
  }

  List<Webhook> all(AdmissionRequest request) {
    return configured.in(request.state());
  }

  /**
   * Whether the webhook is to be asked.
   *
   * @return in which form it is shown the request; empty if it is not asked
   * @throws ApiFailure if it would have side effects in a dry run, or its conditions fail
   */
  Optional<ResourceType> concerns(Webhook webhook, AdmissionRequest request) {
    Optional<ResourceType> type = webhook.matching().match(request, catalogue.get());
    if (type.isPresent() && !webhook.conditions().isEmpty()) {
      try {
        if (!webhook.conditions().hold(RequestVariables.of(request, type.get(), authorizer))) {
          return Optional.empty();
        }
      } catch (EvaluationException e) {
        if (webhook.ignoresFailure()) {
          return Optional.empty();
        }
        throw WebhookRefusals.condition(request, webhook, e);
      }
    }
    if (type.isPresent() && request.dryRun() && webhook.sideEffectsInDryRun()) {
      throw WebhookRefusals.sideEffects(webhook);
    }
    return type;
  }

  /**
   * Asks a webhook.
   *
   * @return its verdict if it allows the request; empty if it could not be asked and that does not
   *     matter; fails with the refusal otherwise
   */
  CompletableFuture<Optional<Verdict>> ask(
      Webhook webhook, AdmissionRequest request, ResourceType type) {
    String uid = UUID.randomUUID().toString();
    byte[] question = Json.bytes(Review.question(request, type, uid));
    long began = System.nanoTime();
    return metrics.webhook(
        webhook.name(), half, request, began, ask(webhook, request, question, uid));
  }

  private CompletableFuture<Optional<Verdict>> ask(
      Webhook webhook, AdmissionRequest request, byte[] question, String uid) {
    return caller
        .post(
            webhook.address(),
            question,
            request.state(),
            Duration.ofSeconds(webhook.timeoutSeconds()))
        .handle((answer, thrown) -> {
          if (thrown != null) {
            return notAsked(webhook, cause(webhook, thrown));
          }
          try {
            return allowed(webhook, request.course(), Review.verdict(answer, uid, mutating));
          } catch (IOException | IllegalArgumentException e) {
            return notAsked(webhook, e);
          }
        });
  }

  private static Optional<Verdict> allowed(
      Webhook webhook, AdmissionCourse course, Verdict verdict) {
    verdict.warnings().forEach(course::warn);
    verdict
        .annotations()
        .forEach((key, value) -> course.annotate(webhook.name() + "/" + key, value));
    if (!verdict.allowed()) {
      throw WebhookRefusals.denied(webhook, verdict.status());
    }
    return Optional.of(verdict);
  }

  private static Optional<Verdict> notAsked(Webhook webhook, Throwable why) {
    if (!webhook.ignoresFailure()) {
      throw WebhookRefusals.notAsked(webhook, why);
    }
    LOG.debugf("webhook %s could not be asked: %s", webhook.id(), why.getMessage());
    return Optional.empty();
  }

  private static Throwable cause(Webhook webhook, Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof TimeoutException
        ? new IOException(
            "context deadline exceeded: no answer within %d s".formatted(webhook.timeoutSeconds()))
        : cause;
  }

  /** All of them, one refusal being enough. */
  static CompletableFuture<Void> all(List<CompletableFuture<Optional<Verdict>>> asked) {
    return asked.isEmpty()
        ? Admission.DONE
        : CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }
}
