package dev.shiplog.api.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.expressions.Conditions;
import dev.shiplog.api.admission.expressions.Expressions;
import dev.shiplog.api.admission.matching.Matching;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.store.StoredObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A webhook, read. Immutable; any thread.
 *
 * @param id unique among all: configuration and name
 * @param ignoresFailure whether a request passes when it cannot be asked
 * @param again whether it may be asked a second time about one object
 */
record Webhook(
    String id,
    String configuration,
    String name,
    WebhookAddress address,
    Matching matching,
    Conditions conditions,
    boolean ignoresFailure,
    boolean sideEffectsInDryRun,
    boolean again,
    int timeoutSeconds) {

  private static final int DEFAULT_TIMEOUT = 10;

  /** Those of all configurations, which are ordered by their names. */
  static List<Webhook> of(List<StoredObject> configurations) {
    List<Webhook> webhooks = new ArrayList<>();
    for (StoredObject configuration : configurations) {
      for (ObjectNode webhook : Trees.objects(configuration.tree(), "webhooks")) {
        webhooks.add(of(configuration.key().name(), webhook));
      }
    }
    return List.copyOf(webhooks);
  }

  private static Webhook of(String configuration, ObjectNode webhook) {
    String name = Trees.text(webhook, "name");
    String effects = Trees.text(webhook, "sideEffects");
    return new Webhook(
        configuration + "/" + name,
        configuration,
        name,
        WebhookAddress.of(webhook.path("clientConfig")),
        Matching.ofWebhook(webhook),
        Conditions.of(webhook, Expressions.ofWebhooks()),
        Trees.text(webhook, "failurePolicy").equals("Ignore"),
        !effects.equals("None") && !effects.equals("NoneOnDryRun"),
        Trees.text(webhook, "reinvocationPolicy").equals("IfNeeded"),
        webhook.path("timeoutSeconds").asInt(DEFAULT_TIMEOUT));
  }
}
