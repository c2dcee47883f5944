package dev.shiplog.streams.controllers.node;

import static dev.shiplog.streams.kit.ResourceTypes.NODES;

import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Gives each node that has none a range of pod addresses: the lowest free block of 256 in the
 * cluster's range. Ranges that nodes came with count as taken where they lie in it.
 *
 * <p>All nodes share one key, so that two that come together do not get the same block. Only
 * telling that there is none is each node's own business, and is done once, when the node has come:
 * a node without a range reports its status as often as any other, and thousands of them would be
 * told of all the time.
 */
public final class NodeIpam implements Controller {

  private static final String KEY = "nodes";

  /** Before a node's name; no name has a slash. */
  private static final String TELL = "tell/";

  private static final int BLOCK_BITS = 8;

  /** How long after it came a node is told of, if it has no range by then. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final int base;
  private final int blocks;

  /**
   * A controller.
   *
   * @param range the cluster's range of pod addresses, IPv4 with a prefix of 24 or less
   * @throws IllegalArgumentException if it is something else
   */
  public NodeIpam(String range) {
    int slash = range.indexOf('/');
    int prefix = slash < 0 ? 32 : Integer.parseInt(range.substring(slash + 1));
    if (prefix < 8 || prefix > 32 - BLOCK_BITS) {
      throw new IllegalArgumentException(range + " is no range with a prefix between 8 and 24");
    }
    base = address(range.substring(0, slash)) >>> BLOCK_BITS;
    blocks = 1 << (32 - BLOCK_BITS - prefix);
  }

  @Override
  public String name() {
    return "node-ipam-controller";
  }

  @Override
  public String actor() {
    return "system:serviceaccount:kube-system:node-controller";
  }

  @Override
  public List<Source<?>> sources() {
    return List.of(
        Source.mapped(
            NODES,
            (change, views) -> {
              boolean had = change.before() != null && range(change.before()).isPresent();
              if (change.after() == null || range(change.after()).isPresent()) {
                // The block of one that is gone is free for another.
                return had && change.after() == null ? List.of(KEY) : List.of();
              }
              if (change.before() == null) {
                return List.of(KEY, TELL + change.key());
              }
              return had ? List.of(KEY) : List.of();
            }));
  }

  @Override
  public Collection<String> allKeys(Views views) {
    return List.of(KEY);
  }

  @Override
  public Reconciliation reconcile(String key, Views views, Instant now) {
    Collection<Node> nodes = views.of(NODES).all();
    return key.equals(KEY)
        ? give(nodes, taken(nodes))
        : views
            .of(NODES)
            .get(key.substring(TELL.length()))
            .filter(NodeIpam::wantsOne)
            .map(node -> tell(node, nodes, now))
            .orElseGet(Reconciliation::nothing);
  }

  private BitSet taken(Collection<Node> nodes) {
    BitSet taken = new BitSet(blocks);
    nodes.forEach(node -> range(node).ifPresent(range -> take(range, taken)));
    return taken;
  }

  private Reconciliation give(Collection<Node> nodes, BitSet taken) {
    Reconciliation.Builder result = Reconciliation.builder();
    for (Node node : nodes) {
      int free = taken.nextClearBit(0);
      if (free >= blocks) {
        break;
      }
      if (wantsOne(node)) {
        taken.set(free);
        give(node, text((base + free) << BLOCK_BITS) + "/" + (32 - BLOCK_BITS), result);
      }
    }
    return result.build();
  }

  private static void give(Node node, String range, Reconciliation.Builder result) {
    Node wanted =
        new NodeBuilder(node)
            .editOrNewSpec()
            .withPodCIDR(range)
            .withPodCIDRs(range)
            .endSpec()
            .build();
    Commands.change(NODES, node, wanted).ifPresent(result::command);
  }

  private Reconciliation tell(Node node, Collection<Node> nodes, Instant now) {
    Instant came = Instant.parse(node.getMetadata().getCreationTimestamp());
    Duration left = Duration.between(now, came.plus(PATIENCE));
    if (left.isPositive()) {
      return Reconciliation.after(left); // most have one by then
    }
    if (taken(nodes).nextClearBit(0) < blocks) {
      // One is left, which it or another gets in a moment.
      boolean isNew = now.isBefore(came.plus(PATIENCE.multipliedBy(12)));
      return isNew ? Reconciliation.after(PATIENCE) : Reconciliation.nothing();
    }
    return Reconciliation.builder()
        .event(
            EventRequest.normal(
                NODES,
                node,
                "CIDRNotAvailable",
                "Node %s status is now: CIDRNotAvailable".formatted(ObjectKeys.keyOf(node))))
        .build();
  }

  private static boolean wantsOne(Node node) {
    return range(node).isEmpty() && node.getMetadata().getDeletionTimestamp() == null;
  }

  private static Optional<String> range(Node node) {
    return Optional.ofNullable(node.getSpec())
        .map(spec -> spec.getPodCIDR())
        .filter(range -> !range.isEmpty());
  }

  private void take(String range, BitSet taken) {
    int slash = range.indexOf('/');
    if (slash < 0 || range.contains(":")) {
      return;
    }
    int prefix = Integer.parseInt(range.substring(slash + 1));
    int first = (address(range.substring(0, slash)) >>> BLOCK_BITS) - base;
    int last = first + (prefix >= 32 - BLOCK_BITS ? 1 : 1 << (32 - BLOCK_BITS - prefix));
    if (first < blocks && last > 0) {
      taken.set(Math.max(0, first), Math.min(blocks, last));
    }
  }

  private static int address(String text) {
    int address = 0;
    for (String part : text.split("\\.", -1)) {
      address = (address << 8) | Integer.parseInt(part);
    }
    return address;
  }

  private static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }
}
