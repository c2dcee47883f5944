package dev.shiplog.api.schema.decoding;

import java.util.Arrays;

/**
 * Where in a body the reader is. One instance follows the whole reading, so that a path is spelled
 * out only when there is something to say about it. One thread.
 */
final class Place {

  private Object[] steps = new Object[16];
  private int depth;

  void enterField(String name) {
    push(name);
  }

  void enterKey(String key) {
    push(new Key(key));
  }

  void enterItem(int index) {
    push(index);
  }

  void leave() {
    depth--;
  }

  /** With indexes and keys, and the child appended: {@code spec.containers[0].imag}. */
  String pathTo(String child) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      switch (steps[i]) {
        case Integer index -> path.append('[').append(index).append(']');
        case Key key -> path.append('.').append(key.text);
        case Object name -> path.append('.').append(name);
      }
    }
    path.append('.').append(child);
    return path.substring(1);
  }

  /** Names of fields alone: {@code spec.containers.image}. */
  String fieldPath() {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      if (steps[i] instanceof String name) {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.toString();
  }

  private void push(Object step) {
    if (depth == steps.length) {
      steps = Arrays.copyOf(steps, depth * 2);
    }
    steps[depth++] = step;
  }

  private record Key(String text) {}
}
