package dev.shiplog.api.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * What keeps an event loop busy for long, in pieces: large bodies to read, chunks of long lists to
 * write. Between two pieces the loop looks after all its connections once; users take turns. So
 * however much of it one user asks for, another waits for one piece.
 *
 * <p>Left to themselves, pieces would be tasks of the loop, and Netty runs up to 64 of these before
 * it looks at a connection. Belongs to its event loop.
 */
final class LongWork {

  /** A body from here on is long work, in bytes; it takes about a millisecond. */
  static final int LARGE_BODY = 64 * 1024;

  /** Any pause does: a timer is only looked at after the connections. */
  private static final long PAUSE_MICROS = 20;

  private static final FastThreadLocal<LongWork> OF_LOOP = new FastThreadLocal<>();

  private final EventLoop loop;
  private final Map<String, Queue<Runnable>> pieces = new LinkedHashMap<>();
  private boolean scheduled;

  private LongWork(EventLoop loop) {
    this.loop = loop;
  }

  /** That of a context's event loop; to be called there. */
  static LongWork of(Context context) {
    LongWork work = OF_LOOP.get();
    if (work == null) {
      work = new LongWork(((ContextInternal) context).nettyEventLoop());
      OF_LOOP.set(work);
    }
    return work;
  }

  /**
   * Runs a piece when it is its user's turn.
   *
   * @param piece fails only by a bug
   */
  void add(String user, Runnable piece) {
    pieces.computeIfAbsent(user, u -> new ArrayDeque<>()).add(piece);
    if (!scheduled) {
      schedule();
    }
  }

  private void schedule() {
    scheduled = true;
    var _ = loop.schedule(this::runOne, PAUSE_MICROS, TimeUnit.MICROSECONDS);
  }

  private void runOne() {
    Runnable piece = next();
    if (pieces.isEmpty()) {
      scheduled = false;
    } else {
      schedule();
    }
    piece.run();
  }

  /** Of the user who has waited longest; who has more waits anew. */
  private Runnable next() {
    Iterator<Map.Entry<String, Queue<Runnable>>> users = pieces.entrySet().iterator();
    Map.Entry<String, Queue<Runnable>> first = users.next();
    Queue<Runnable> queue = first.getValue();
    String user = first.getKey();
    Runnable piece = queue.remove();
    users.remove();
    if (!queue.isEmpty()) {
      pieces.put(user, queue);
    }
    return piece;
  }
}
