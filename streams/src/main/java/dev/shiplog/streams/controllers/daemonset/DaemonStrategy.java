package dev.shiplog.streams.controllers.daemonset;

import dev.shiplog.streams.controllers.pod.Shares;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetUpdateStrategy;
import java.util.List;

/**
 * How a DaemonSet may go from one template to the next.
 *
 * @param rolling else somebody deletes the old daemons
 * @param maxSurge on so many nodes there may be an old and a new one
 * @param maxUnavailable on so many nodes there may be none that is available
 */
record DaemonStrategy(boolean rolling, int maxSurge, int maxUnavailable) {

  static DaemonStrategy of(DaemonSet set, List<NodeDaemons> places) {
    DaemonSetUpdateStrategy strategy = set.getSpec().getUpdateStrategy();
    if (strategy != null && "OnDelete".equals(strategy.getType())) {
      return new DaemonStrategy(false, 0, 0);
    }
    int wanted = (int) places.stream().filter(place -> place.fit().shouldRun()).count();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    int surge = rolling == null ? 0 : Shares.up(rolling.getMaxSurge(), wanted, 0);
    int unavailable = rolling == null ? 1 : Shares.up(rolling.getMaxUnavailable(), wanted, 1);
    return new DaemonStrategy(true, surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
  }
}
