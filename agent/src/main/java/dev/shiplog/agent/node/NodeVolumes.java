package dev.shiplog.agent.node;

import java.util.Collection;
import java.util.List;

/** The volumes that a node's status tells of. Safe for use by many threads; does not block. */
public interface NodeVolumes {

  /** Of a node that attaches none. */
  NodeVolumes NONE =
      new NodeVolumes() {
        @Override
        public List<String> inUse() {
          return List.of();
        }

        @Override
        public void reported(Collection<String> volumes) {
          // Nobody waits for it.
        }

        @Override
        public void onChange(Runnable listener) {
          // It never changes.
        }
      };

  /** Unique names of attached volumes that are not to be detached, sorted. */
  List<String> inUse();

  /** The node's status names these and no others. */
  void reported(Collection<String> volumes);

  /** Who is told, on any thread, that there are others now. */
  void onChange(Runnable listener);
}
