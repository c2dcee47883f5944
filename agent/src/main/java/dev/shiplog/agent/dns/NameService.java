package dev.shiplog.agent.dns;

import dev.shiplog.agent.proxy.ServiceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Answers questions: about the cluster's zone and addresses itself, about anything else by asking
 * upstream. Safe for use by many threads; may block while upstream is asked.
 */
final class NameService {

  private static final Logger LOG = Logger.getLogger(NameService.class);
  private static final int PAYLOAD = 1232;
  private static final Name IN_ADDR = Name.fromConstantString("in-addr.arpa.");
  private static final Name IP6 = Name.fromConstantString("ip6.arpa.");

  private final Name zone;
  private final Supplier<Optional<ServiceView>> views;
  private final Upstream upstream;

  /** The zone of the view asked last: one is made for many questions. Replaced whole. */
  private volatile Cached cached;

  private record Cached(ServiceView view, ClusterZone zone) {}

  /** Who is asked about names outside of the cluster. May block; throws if nobody answers. */
  interface Upstream {
    Message ask(Message query) throws IOException;
  }

  /**
   * A name service.
   *
   * @param views services as they are now; empty until they are known
   */
  NameService(Name zone, Supplier<Optional<ServiceView>> views, Upstream upstream) {
    this.zone = zone;
    this.views = views;
    this.upstream = upstream;
  }

  /** The answer to a query, whatever it is. */
  Message answer(Message query) {
    Record question = query.getQuestion();
    if (query.getHeader().getOpcode() != Opcode.QUERY || question == null) {
      return reply(query, Rcode.NOTIMP, List.of());
    }
    Name name = question.getName();
    if (name.subdomain(zone)) {
      return views
          .get()
          .map(view -> fromZone(query, question, zoneOf(view).find(name)))
          .orElseGet(() -> reply(query, Rcode.SERVFAIL, List.of()));
    }
    if (name.subdomain(IN_ADDR) || name.subdomain(IP6)) {
      Optional<ClusterZone.Found> found = views.get().flatMap(v -> zoneOf(v).findReverse(name));
      if (found.isPresent()) {
        return fromZone(query, question, found);
      }
    }
    return forwarded(query);
  }

  private ClusterZone zoneOf(ServiceView view) {
    Cached last = cached;
    if (last == null || last.view() != view) {
      last = new Cached(view, new ClusterZone(zone, view));
      cached = last;
    }
    return last.zone();
  }

  private Message fromZone(Message query, Record question, Optional<ClusterZone.Found> found) {
    if (found.isEmpty()) {
      return withAuthority(reply(query, Rcode.NXDOMAIN, List.of()));
    }
    List<Record> records =
        found.get().records().stream()
            .filter(record -> matches(record, question.getType()))
            .toList();
    Message reply = reply(query, Rcode.NOERROR, records);
    if (records.isEmpty()) {
      return withAuthority(reply);
    }
    if (records.getFirst() instanceof CNAMERecord alias && question.getType() != Type.CNAME) {
      follow(reply, alias.getTarget(), question.getType());
    }
    return reply;
  }

  private static boolean matches(Record record, int wanted) {
    return record.getType() == wanted || wanted == Type.ANY || record.getType() == Type.CNAME;
  }

  /** Clients expect what an alias leads to beside it; without it they ask again. */
  private void follow(Message reply, Name target, int type) {
    Message further = answer(Message.newQuery(Record.newRecord(target, type, DClass.IN)));
    if (further.getRcode() == Rcode.NOERROR) {
      further.getSection(Section.ANSWER).forEach(record -> reply.addRecord(record, Section.ANSWER));
    }
  }

  private Message forwarded(Message query) {
    try {
      Message answer = upstream.ask(query);
      answer.getHeader().setID(query.getHeader().getID());
      return answer;
    } catch (IOException e) {
      LOG.debugf("no answer about %s: %s", query.getQuestion(), e.getMessage());
      return reply(query, Rcode.SERVFAIL, List.of());
    }
  }

  private static Message reply(Message query, int code, List<Record> answers) {
    Message reply = new Message(query.getHeader().getID());
    Header header = reply.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.AA);
    header.setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    header.setRcode(code);
    if (query.getQuestion() != null) {
      reply.addRecord(query.getQuestion(), Section.QUESTION);
    }
    answers.forEach(record -> reply.addRecord(record, Section.ANSWER));
    if (query.getOPT() != null) {
      reply.addRecord(new OPTRecord(PAYLOAD, 0, 0), Section.ADDITIONAL);
    }
    return reply;
  }

  /** Says how long the absence may be remembered. */
  private Message withAuthority(Message reply) {
    int ttl = ClusterZone.TTL_SECONDS;
    try {
      Name server = Name.fromString("ns.dns", zone);
      Name admin = Name.fromString("hostmaster", zone);
      reply.addRecord(
          new SOARecord(zone, DClass.IN, ttl, server, admin, 1, 7200, 1800, 86400, ttl),
          Section.AUTHORITY);
      return reply;
    } catch (org.xbill.DNS.TextParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
