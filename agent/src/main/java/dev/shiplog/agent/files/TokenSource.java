package dev.shiplog.agent.files;

import dev.shiplog.agent.cluster.ClusterClient;
import dev.shiplog.agent.cluster.ClusterClient.ServiceAccountToken;
import dev.shiplog.agent.runtime.PodIdentity;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Service account tokens of pods, asked for again when four fifths of their life are over. Blocks;
 * safe for use by many threads; the map is guarded by this.
 */
final class TokenSource {

  private static final long DEFAULT_SECONDS = 3600;
  private static final int RENEW_AT_PERCENT = 80;

  private final ClusterClient cluster;
  private final Timers timers;
  private final Map<Wanted, Kept> kept = new HashMap<>();

  TokenSource(ClusterClient cluster, Timers timers) {
    this.cluster = cluster;
    this.timers = timers;
  }

  private record Wanted(PodIdentity pod, String account, List<String> audiences, long seconds) {}

  private record Kept(ServiceAccountToken token, Instant renewAt) {}

  String token(Pod pod, ServiceAccountTokenProjection source) {
    return token(pod, source.getAudience(), source.getExpirationSeconds()).token();
  }

  /**
   * A token of the pod's service account.
   *
   * @param audience null or empty for the API server
   * @param seconds how long it is good; null for the usual time
   */
  ServiceAccountToken token(Pod pod, String audience, Long seconds) {
    Wanted wanted = wanted(pod, audience, seconds);
    Instant now = timers.steady();
    Kept known = known(wanted);
    if (known != null && now.isBefore(known.renewAt())) {
      return known.token();
    }
    ServiceAccountToken token =
        cluster.serviceAccountToken(
            wanted.pod(), wanted.account(), wanted.audiences(), wanted.seconds());
    Duration fresh = token.life().multipliedBy(RENEW_AT_PERCENT).dividedBy(100);
    keep(wanted, new Kept(token, now.plus(fresh)));
    return token;
  }

  synchronized void forget(String podUid) {
    kept.keySet().removeIf(wanted -> wanted.pod().uid().equals(podUid));
  }

  private static Wanted wanted(Pod pod, String audience, Long seconds) {
    var meta = pod.getMetadata();
    String account = pod.getSpec().getServiceAccountName();
    boolean own = audience == null || audience.isEmpty();
    return new Wanted(
        new PodIdentity(meta.getUid(), meta.getNamespace(), meta.getName()),
        account == null || account.isEmpty() ? "default" : account,
        own ? List.of() : List.of(audience),
        seconds == null ? DEFAULT_SECONDS : seconds);
  }

  private synchronized Kept known(Wanted wanted) {
    return kept.get(wanted);
  }

  private synchronized void keep(Wanted wanted, Kept token) {
    kept.put(wanted, token);
  }
}
