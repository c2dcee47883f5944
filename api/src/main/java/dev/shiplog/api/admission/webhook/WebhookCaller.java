package dev.shiplog.api.admission.webhook;

import dev.shiplog.api.store.Snapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Reaches webhooks. Any thread; must not block. */
interface WebhookCaller {

  /**
   * Posts a review.
   *
   * @param state says where Services are
   * @return the body of the answer; fails with the reason if there is no good one in time
   */
  CompletableFuture<byte[]> post(
      WebhookAddress address, byte[] review, Snapshot state, Duration timeout);
}
