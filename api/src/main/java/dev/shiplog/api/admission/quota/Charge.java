package dev.shiplog.api.admission.quota;

import dev.shiplog.api.schema.Trees;
import dev.shiplog.api.schema.decoding.Quantity;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.store.CommitRule.Amendment;
import dev.shiplog.api.store.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the changes of one transaction do to one quota. The deciding thread's. */
final class Charge {

  private final Quota quota;
  private final Map<String, Quantity> used;
  private boolean changed;

  Charge(Quota quota) {
    this.quota = quota;
    this.used = new TreeMap<>(quota.used());
  }

  /**
   * Takes a change into account.
   *
   * @throws ApiFailure {@code Forbidden} if it uses more than there is
   */
  void add(QuotaRule.Use use) {
    if (use.key().equals(quota.key())) {
      return; // a quota counted itself when it was made
    }
    Map<String, Quantity> before = quota.counted(use.before());
    Map<String, Quantity> after = quota.counted(use.after());
    if (use.creates() && use.after().pod() != null && quota.scopes().match(use.after())) {
      MissingAmounts.check(quota, use.key(), use.after().pod());
    }
    Map<String, Quantity> more = new TreeMap<>();
    difference(before, after)
        .forEach((name, amount) -> {
          if (!amount.isZero()) {
            if (amount.amount().signum() > 0) {
              more.put(name, amount);
            }
            change(name, amount);
          }
        });
    refuseIfExceeded(use.key(), more);
  }

  Optional<Amendment> amendment() {
    return changed ? Optional.of(new Amendment(quota.key(), quota.using(used))) : Optional.empty();
  }

  private void change(String name, Quantity amount) {
    changed = true;
    Quantity now = used.get(name);
    used.put(name, now == null ? amount : now.plus(amount));
  }

  private void refuseIfExceeded(ObjectKey key, Map<String, Quantity> more) {
    Map<String, Quantity> over = new TreeMap<>();
    more.forEach((name, amount) -> {
      if (used.get(name).compareTo(quota.hard().get(name)) > 0) {
        over.put(name, amount);
      }
    });
    if (!over.isEmpty()) {
      throw exceeded(key, over);
    }
  }

  private ApiFailure exceeded(ObjectKey key, Map<String, Quantity> over) {
    Map<String, Quantity> before = quota.used();
    Map<String, Quantity> was = new TreeMap<>();
    Map<String, Quantity> limit = new TreeMap<>();
    over.keySet()
        .forEach(name -> {
          was.put(name, before.getOrDefault(name, Usage.count(0)));
          limit.put(name, quota.hard().get(name));
        });
    return Failures.forbidden(
        key.resource().group(),
        key.resource().plural(),
        key.name(),
        "exceeded quota: %s, requested: %s, used: %s, limited: %s"
            .formatted(
                Trees.text(quota.tree(), "metadata", "name"), told(over), told(was), told(limit)));
  }

  private static String told(Map<String, Quantity> amounts) {
    return amounts.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static Map<String, Quantity> difference(
      Map<String, Quantity> before, Map<String, Quantity> after) {
    Map<String, Quantity> difference = new TreeMap<>(after);
    before.forEach((name, amount) -> {
      Quantity less = new Quantity(amount.amount().negate(), amount.family());
      difference.merge(name, less, Quantity::plus);
    });
    return difference;
  }
}
