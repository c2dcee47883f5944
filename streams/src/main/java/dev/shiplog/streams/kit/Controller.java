package dev.shiplog.streams.kit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Brings the state of the world closer to what was asked for, one key at a time, as a pure
 * function. The kit calls it again whenever a source change concerns the key, a time asked for has
 * come, or a command was refused; it may be called without need. It keeps no state: all it knows is
 * in the views.
 *
 * <p>After a reconciliation with commands the key rests until every outcome is back and the sources
 * have reached what the outcomes name, so the views always show the effect of the last commands.
 */
public interface Controller {

  /** As in Kubernetes, for example {@code replicaset-controller}. */
  String name();

  /** User name its commands run under. */
  default String actor() {
    return "system:serviceaccount:kube-system:" + name();
  }

  /** All it reads; at most one per resource. */
  List<Source<?>> sources();

  /** Secondary indexes it looks things up by, of resources among its sources. */
  default List<Index<?>> indexes() {
    return List.of();
  }

  /** Every key to look at when the controller becomes active, and at each resync. */
  Collection<String> allKeys(Views views);

  Reconciliation reconcile(String key, Views views, Instant now);

  /**
   * The same for a key whose last commands were refused, in part or all of them, for a reason other
   * than contention; for controllers that tell people about it.
   *
   * @param refused a few of them, never none
   */
  default Reconciliation reconcile(
      String key, List<RefusedCommand> refused, Views views, Instant now) {
    return reconcile(key, views, now);
  }

  /** How often every key is looked at without a reason. */
  default Duration resyncInterval() {
    return Duration.ofMinutes(10);
  }
}
