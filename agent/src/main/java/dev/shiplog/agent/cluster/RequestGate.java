package dev.shiplog.agent.cluster;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * How many requests a process has under way, whatever number of nodes and pods it has: more would
 * only queue in the server, each over a connection of its own whose handshake costs more than many
 * requests. Who waits goes in its turn. Signs of life have places of their own: no node is to count
 * as lost because its pods have much to tell. Any thread.
 */
public final class RequestGate {

  private static final int AT_ONCE = 32;
  private static final int SIGNS_OF_LIFE_AT_ONCE = 16;

  private final Semaphore requests = new Semaphore(AT_ONCE, true);
  private final Semaphore signsOfLife = new Semaphore(SIGNS_OF_LIFE_AT_ONCE, true);

  /** Does a request in its turn. */
  <T> T request(Supplier<T> request) {
    return inTurn(requests, request);
  }

  /** Does a request about a node itself. */
  <T> T signOfLife(Supplier<T> request) {
    return inTurn(signsOfLife, request);
  }

  private static <T> T inTurn(Semaphore places, Supplier<T> request) {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterUnavailableException("interrupted", e);
    }
    try {
      return request.get();
    } finally {
      places.release();
    }
  }
}
