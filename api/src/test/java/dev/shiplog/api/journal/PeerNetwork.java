package dev.shiplog.api.journal;

import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.topics.journal.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What lies between driven servers: it carries commits to the leader, and fails when told to. */
final class PeerNetwork implements CommitForwarder {

  private final Map<String, DrivenServer> servers = new HashMap<>();
  private final List<Runnable> delayed = new ArrayList<>();
  private final Map<String, List<Runnable>> watchers = new HashMap<>();
  private Fault next = Fault.NONE;

  /** What becomes of the next commit. */
  enum Fault {
    NONE,
    /** It does not leave its server. */
    UNREACHABLE,
    /** It arrives, and its answer does not. */
    ANSWER_LOST,
    /** It stays on the way until {@link #deliver}; its sender hears nothing. */
    DELAYED
  }

  void add(DrivenServer server) {
    servers.put(server.id, server);
  }

  void remove(DrivenServer server) {
    servers.remove(server.id);
  }

  void failNext(Fault fault) {
    next = fault;
  }

  /** Lets what is on the way arrive. */
  void deliver() {
    List<Runnable> due = List.copyOf(delayed);
    delayed.clear();
    due.forEach(Runnable::run);
  }

  @Override
  public void watch(Entry.Claim leader, Runnable ended) {
    watchers.computeIfAbsent(leader.leader(), _ -> new ArrayList<>()).add(ended);
  }

  /** Those who look after a server are told that its process ended, whether that is so or not. */
  void tellEnded(String server) {
    List<Runnable> told = watchers.remove(server);
    if (told != null) {
      told.forEach(Runnable::run);
    }
  }

  @Override
  public CompletableFuture<LeaderAnswer> forward(Entry.Claim leader, CommitRequest request) {
    DrivenServer to = servers.get(leader.leader());
    Fault fault = next;
    next = Fault.NONE;
    if (to == null || fault == Fault.UNREACHABLE) {
      return CompletableFuture.failedFuture(new NotTakenException("unreachable"));
    }
    CompletableFuture<LeaderAnswer> answer = new CompletableFuture<>();
    if (fault == Fault.DELAYED) {
      delayed.add(() -> {
        if (to.equals(servers.get(to.id))) {
          CompletableFuture<CommitResult> _ = to.handed(request, leader.epoch());
        }
      });
      return answer;
    }
    CompletableFuture<CommitResult> decided = to.handed(request, leader.epoch());
    if (fault == Fault.ANSWER_LOST) {
      answer.completeExceptionally(new IllegalStateException("connection reset"));
      return answer;
    }
    return decided.handle(PeerNetwork::say);
  }

  private static LeaderAnswer say(CommitResult result, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case null ->
          result.revision() > 0
              ? new LeaderAnswer.Committed(result.revision())
              : new LeaderAnswer.Unchanged(result);
      case ApiFailure f when f.reason() == Reason.TIMEOUT -> throw new IllegalStateException(f);
      case ApiFailure f when f.reason() == Reason.SERVICE_UNAVAILABLE ->
          throw new NotTakenException(f.getMessage());
      case RuntimeException refusal -> throw refusal;
      default -> throw new IllegalStateException(cause);
    };
  }
}
