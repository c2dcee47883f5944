package dev.shiplog.api.http;

import dev.shiplog.api.flow.FlowControl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Turns at large bodies: a few of one user's are read at a time, and the others wait on their
 * connections, where they cost this server nothing. Read all at once, hundreds of them fill the
 * heap with arrays that are collected at everybody's expense. Any thread.
 */
final class BodyTurns {

  /** Of one user, at a time: one is read while others are handled. */
  static final int AT_ONCE = 4;

  /** Of one user; each keeps a connection, and what had come of it before. */
  static final int MOST_WAITING = 200;

  private final Map<String, User> users = new HashMap<>();

  private static final class User {
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int held;
  }

  /**
   * Asks for a turn.
   *
   * @param granted runs once it is held, on whatever thread, unless it is held at once
   * @throws dev.shiplog.api.status.ApiFailure {@code TooManyRequests}
   */
  Turn ask(String name, Runnable granted) {
    synchronized (users) {
      User user = users.computeIfAbsent(name, n -> new User());
      Turn turn = new Turn(name, granted);
      if (user.held < AT_ONCE) {
        user.held++;
        turn.held = true;
      } else if (user.waiting.size() < MOST_WAITING) {
        user.waiting.add(turn);
      } else {
        throw FlowControl.tooMany();
      }
      return turn;
    }
  }

  /** A turn, held or waited for. */
  final class Turn {
    private final String name;
    private final Runnable granted;
    private boolean held;
    private boolean over;

    private Turn(String name, Runnable granted) {
      this.name = name;
      this.granted = granted;
    }

    boolean isHeld() {
      synchronized (users) {
        return held;
      }
    }

    /** Gives it back, or up; may be called again. */
    void end() {
      List<Turn> next = new ArrayList<>();
      synchronized (users) {
        if (over) {
          return;
        }
        over = true;
        User user = users.get(name);
        if (!held) {
          user.waiting.remove(this);
        } else if (user.waiting.isEmpty()) {
          user.held--;
        } else {
          Turn first = user.waiting.remove();
          first.held = true;
          next.add(first);
        }
        if (user.held == 0) {
          users.remove(name);
        }
      }
      next.forEach(turn -> turn.granted.run());
    }
  }
}
