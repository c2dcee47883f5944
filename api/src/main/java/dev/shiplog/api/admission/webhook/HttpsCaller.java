package dev.shiplog.api.admission.webhook;

import dev.shiplog.api.admission.webhook.WebhookAddress.ServiceName;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Trust;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.store.Snapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Posts reviews to where webhooks are, as all servers that users bring along are reached. */
public final class HttpsCaller implements WebhookCaller {

  private final Webhooks webhooks;

  public HttpsCaller(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @Override
  public CompletableFuture<byte[]> post(
      WebhookAddress address, byte[] review, Snapshot state, Duration timeout) {
    try {
      return webhooks.post(remote(address, state), review, timeout);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Remote remote(WebhookAddress address, Snapshot state) {
    Trust trust = new Trust(address.caBundle().strip(), false);
    ServiceName service = address.service();
    return service == null
        ? Remote.ofUrl(address.url().toString(), trust)
        : Remote.of(
            service.namespace(), service.name(), service.port(), service.path(), trust, state);
  }
}
