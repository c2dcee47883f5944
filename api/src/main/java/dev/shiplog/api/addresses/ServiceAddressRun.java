package dev.shiplog.api.addresses;

import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Keeps ServiceCIDRs and IPAddresses as they should be, while this server leads. IPAddresses come
 * and go with their Services by themselves ({@link ClusterIpRule}), so all are compared now and
 * then only, however many come. One thread, but for {@link #wakeup}.
 */
public final class ServiceAddressRun extends StateRun {

  private static final Logger LOG = Logger.getLogger(ServiceAddressRun.class);
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final String URI = "/apis/networking.k8s.io/v1/";
  private static final long IDLE_MS = 60_000;
  private static final long LOOK_AGAIN_MS = 1_000;

  private final AddressRange configured;
  private final InstantSource clock;
  private final OwnCommits commits;
  private Instant compared = Instant.MIN;
  private boolean warned;

  /**
   * Begins.
   *
   * @param range the cluster's own one, such as 10.96.0.0/16
   */
  public ServiceAddressRun(Store store, String range, InstantSource clock) {
    super(store, List.of(ServiceCidr.RESOURCE, IpAddresses.RESOURCE), LOOK_AGAIN_MS, IDLE_MS);
    this.configured = AddressRange.parse(range);
    this.clock = clock;
    this.commits = new OwnCommits(store, clock, SELF);
  }

  @Override
  protected boolean look(Snapshot state) {
    Instant now = clock.instant();
    boolean due = !now.isBefore(compared.plusMillis(LOOK_AGAIN_MS)) || now.isBefore(compared);
    if (due) {
      List<ProposedChange> changes = AddressRepair.changes(state, now);
      if (!changes.isEmpty()) {
        var _ = commits.commit("update", URI + "ipaddresses", changes);
        return true;
      }
      compared = now;
    }
    return !keepRanges(state, now) || !due;
  }

  /** Whether that was done; what follows from it is looked at with its own change. */
  private boolean keepRanges(Snapshot state, Instant now) {
    warnIfOther(state);
    Optional<ProposedChange> change = RangeKeeper.next(state, configured, now);
    return change.isEmpty()
        || commits.commit("update", URI + "servicecidrs", List.of(change.get()));
  }

  /** As in Kubernetes, the settings do not change an object that is there. */
  private void warnIfOther(Snapshot state) {
    Optional<List<AddressRange>> own =
        state.get(ServiceCidr.DEFAULT).map(ServiceCidr::of).map(ServiceCidr::ranges);
    if (!warned && own.isPresent() && !own.get().contains(configured)) {
      warned = true;
      LOG.warnf(
          "Services get addresses from the ranges of ServiceCIDRs, which has no %s as this server's"
              + " settings say: make a ServiceCIDR of it, and delete the ServiceCIDR %s, to change"
              + " the range of the cluster",
          configured.cidr(), ServiceCidr.DEFAULT.name());
    }
  }
}
