package dev.shiplog.api.tokens;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.StateFollower;
import dev.shiplog.api.definitions.DefinitionRun;
import dev.shiplog.api.definitions.LeaderWrites;
import dev.shiplog.api.journal.StateRun;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks after Secrets that hold tokens while this server leads: deletes bootstrap tokens that have
 * expired and tokens of service accounts that are gone, and keeps {@code cluster-info} signed. What
 * it does is admitted and recorded as if the controllers of Kubernetes had asked for it. One
 * thread, but for {@link #wakeup}.
 */
public final class TokenRun extends StateRun {

  private static final StorageResource SECRETS = StorageResource.of("secrets", "");
  private static final StorageResource CONFIG_MAPS = StorageResource.of("configmaps", "");
  private static final ObjectKey INFO =
      new ObjectKey(CONFIG_MAPS, ClusterInfoSignatures.NAMESPACE, ClusterInfoSignatures.NAME);
  private static final UserInfo CLEANER = controller("token-cleaner");
  private static final UserInfo SIGNER = controller("bootstrap-signer");
  private static final UserInfo ACCOUNTS =
      UserInfo.of("system:kube-controller-manager", "system:authenticated");
  private static final long IDLE_MS = 60_000;

  /** What somebody else changed meanwhile, or admission refused, is looked at again after it. */
  private static final long LOOK_AGAIN_MS = 1000;

  /** ConfigMaps may change often, and only one of them matters. */
  private static final Duration REST = Duration.ofMillis(50);

  private final Store store;
  private final DefinitionRun.Environment environment;
  private final InstantSource clock;
  private final StateFollower<TokenSecrets> secrets;
  private final LeaderWrites cleaner;
  private final LeaderWrites signer;
  private final LeaderWrites accounts;
  private Seen settled = Seen.NOTHING;
  private Optional<Instant> nextEnd = Optional.empty();

  /** Of what a decision was made: while it stays the same, so does the decision. */
  private record Seen(long secrets, long accounts, long info) {

    private static final Seen NOTHING = new Seen(-1, -1, -1);

    private static Seen in(Snapshot state) {
      return new Seen(
          state.lastRevision(SECRETS),
          state.lastRevision(AccountToken.ACCOUNTS),
          state.get(INFO).map(StoredObject::revision).orElse(0L));
    }
  }

  public TokenRun(DefinitionRun.Environment environment) {
    super(
        environment.store(),
        List.of(SECRETS, AccountToken.ACCOUNTS, CONFIG_MAPS),
        LOOK_AGAIN_MS,
        IDLE_MS);
    this.environment = environment;
    this.store = environment.store();
    this.clock = environment.clock();
    this.secrets = new StateFollower<>(store, List.of(SECRETS), TokenSecrets::new);
    this.cleaner = new LeaderWrites(environment, CLEANER);
    this.signer = new LeaderWrites(environment, SIGNER);
    this.accounts = new LeaderWrites(environment, ACCOUNTS);
  }

  private static UserInfo controller(String name) {
    return UserInfo.of(
        "system:serviceaccount:kube-system:" + name,
        "system:serviceaccounts",
        "system:serviceaccounts:kube-system",
        "system:authenticated");
  }

  @Override
  public Duration rest() {
    return REST;
  }

  @Override
  public void close() {
    super.close();
    secrets.close();
  }

  /** A token that ends is no change. */
  @Override
  protected long idleMs() {
    return nextEnd
        .map(end -> Math.clamp(Duration.between(clock.instant(), end).toMillis(), 0, IDLE_MS))
        .orElse(IDLE_MS);
  }

  @Override
  protected boolean look(Snapshot before) {
    Instant now = clock.instant();
    Seen seen = Seen.in(before);
    boolean due = nextEnd.filter(end -> !end.isAfter(now)).isPresent();
    if (seen.equals(settled) && !due) {
      return false;
    }
    TokenSecrets all = secrets.current();
    // Taken after them: an account that is not in it is gone, and not yet to come.
    Snapshot state = store.current();
    boolean done = removeAll(all.ended(now), cleaner);
    done &= removeAll(all.leftOver(state), accounts);
    done &= sign(state, all.signing(now));
    settled = done ? seen : Seen.NOTHING;
    nextEnd = all.nextEnd();
    return !done;
  }

  private boolean removeAll(List<StoredObject> gone, LeaderWrites as) {
    boolean done = true;
    for (StoredObject secret : gone) {
      done &= remove(secret, as);
    }
    return done;
  }

  private boolean remove(StoredObject secret, LeaderWrites as) {
    return as.run(
        new ApiRequest.Delete(
            target(secret.key(), "Secret"),
            as.caller(),
            new DeleteOptions(
                OptionalLong.empty(),
                Optional.of(secret.uid()),
                Optional.of(Long.toString(secret.revision())),
                Optional.empty(),
                false)));
  }

  private boolean sign(Snapshot state, List<BootstrapToken> tokens) {
    Optional<ObjectNode> next =
        state
            .get(INFO)
            .map(StoredObject::tree)
            .flatMap(info -> ClusterInfoSignatures.signed(info, tokens));
    return next.isEmpty()
        || signer.run(
            new ApiRequest.Update(
                target(INFO, "ConfigMap"),
                signer.caller(),
                new Body(Json.bytes(next.get()), Syntax.JSON),
                WriteOptions.DEFAULT));
  }

  private Target target(ObjectKey key, String kind) {
    ResourceType type = environment.catalogue().get().findByKind("v1", kind).orElseThrow();
    return new Target(type, "", key.namespace(), key.name());
  }
}
