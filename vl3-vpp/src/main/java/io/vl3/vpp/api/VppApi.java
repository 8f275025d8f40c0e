package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a VPP. Requests are sent as they come and may be many at a time; VPP answers
 * them in their order. The fields of messages are taken from the {@link ApiSchema}s given, and from
 * VPP itself where it describes them ({@code get_api_json}, VPP 24.06 and later).
 *
 * <p>It starts no thread: one task of the executor given reads until the end, and calls whoever
 * listens to events. A connection that has ended stays so; make another. Thread-safe; methods that
 * answer a future do not block.
 */
public final class VppApi implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VppApi.class);

  private static final String PING = "control_ping";

  private final Settings settings;
  private final Wire wire;
  private final CompletableFuture<Handshake.Welcome> welcome = new CompletableFuture<>();
  private final CompletableFuture<ApiException> end = new CompletableFuture<>();
  private final AtomicInteger contexts = new AtomicInteger();
  private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
  private final List<Consumer<ApiMessage>> listeners = new CopyOnWriteArrayList<>();
  private volatile Dictionary dictionary = Dictionary.NOTHING;
  private volatile int client;

  /**
   * How to connect.
   *
   * @param socket VPP's API socket, usually {@code /run/vpp/api.sock}
   * @param clientName what VPP calls us, at most 63 octets
   * @param schema the known descriptions of messages; a VPP that has its own is asked as well
   * @param timeout how long VPP may take to answer one message
   * @param largestOctets how large a message may be, either way
   */
  public record Settings(
      Path socket, String clientName, ApiSchema schema, Duration timeout, int largestOctets) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LARGEST = 64 << 20;

    /** Five seconds for an answer, messages of up to 64 MiB. */
    public static Settings of(Path socket, String clientName, ApiSchema schema) {
      return new Settings(socket, clientName, schema, TIMEOUT, LARGEST);
    }

    /** These settings with another time for an answer. */
    public Settings withTimeout(Duration changed) {
      return new Settings(socket, clientName, schema, changed, largestOctets);
    }
  }

  private record Question(ApiMessage request, Waiting who) {}

  private VppApi(Settings settings) throws ApiException {
    this.settings = settings;
    this.wire = Wire.connect(settings.socket(), settings.largestOctets());
  }

  /**
   * Connects; blocks until VPP has sent its table, at most as long as the time for an answer.
   *
   * @param executor where one task reads until the connection ends
   * @throws ApiException AWAY if nobody listens, LATE if VPP does not answer
   */
  public static VppApi connect(Settings settings, Executor executor) throws ApiException {
    VppApi api = new VppApi(settings);
    try {
      api.wire.start(executor, api.new Reader());
      api.wire.send(List.of(Handshake.request(settings.clientName())));
      Handshake.Welcome welcome = api.await(api.welcome, "sockclnt_create");
      api.client = welcome.client();
      api.dictionary = Dictionary.of(welcome.table(), settings.schema());
      api.learn();
      return api;
    } catch (ApiException | RuntimeException failure) {
      api.close();
      throw failure;
    }
  }

  /** Where it is connected to, for messages. */
  public Path socket() {
    return settings.socket();
  }

  /** Whether VPP has a message of that name, and its fields are known. */
  public boolean has(String message) {
    return dictionary.type(message).isPresent();
  }

  /**
   * The first of the names that VPP has, whose fields are known: newest first is up to the asker.
   */
  public Optional<String> first(List<String> names) {
    return names.stream().filter(this::has).findFirst();
  }

  /** The description of a message that VPP has; empty if it has none, or its fields are unknown. */
  public Optional<MessageType> type(String message) {
    return dictionary.type(message);
  }

  /** The CRCs of all messages that VPP has, by their names. */
  public Map<String, String> messages() {
    Map<String, String> crcs = new TreeMap<>();
    dictionary.table().byName().forEach((name, entry) -> crcs.put(name, entry.crc()));
    return crcs;
  }

  /** All known descriptions of messages, this VPP's own included: for its next connection. */
  public ApiSchema schema() {
    return dictionary.schema();
  }

  /** Sends a request; the future has its answer, whatever VPP says in it. */
  public CompletableFuture<ApiMessage> send(ApiMessage request) {
    return send(List.of(request)).get(0);
  }

  /** Sends requests in one write; the futures have their answers, whatever VPP says in them. */
  public List<CompletableFuture<ApiMessage>> send(Collection<ApiMessage> requests) {
    List<CompletableFuture<ApiMessage>> answers = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (ApiMessage request : requests) {
      Waiting.Answer answer = new Waiting.Answer();
      answers.add(answer.future());
      questions.add(new Question(request, answer));
    }
    ask(questions);
    return answers;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws ApiException REFUSED if VPP says no; else as it failed
   */
  public ApiMessage request(ApiMessage request) throws ApiException {
    return await(send(request), request.name()).orRefusal();
  }

  /**
   * Sends requests all at once and waits for all answers, of which some may be refusals.
   *
   * @return the answers in the order of the requests
   */
  public List<ApiMessage> all(Collection<ApiMessage> requests) throws ApiException {
    List<CompletableFuture<ApiMessage>> sent = send(requests);
    List<ApiMessage> answers = new ArrayList<>();
    int n = 0;
    for (ApiMessage request : requests) {
      answers.add(await(sent.get(n++), request.name()));
    }
    return answers;
  }

  /** Sends a request that many messages answer; the future has them all. */
  public CompletableFuture<List<ApiMessage>> stream(ApiMessage request) {
    return streams(List.of(request)).get(0);
  }

  /**
   * Sends requests that many messages answer each, in one write. An older dump ends without a word:
   * VPP answers in order, so what follows a ping is not its, and one ping ends all of them.
   */
  private List<CompletableFuture<List<ApiMessage>>> streams(List<ApiMessage> requests) {
    List<Waiting.Entries> all =
        requests.stream().map(one -> new Waiting.Entries(endOf(one))).toList();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      questions.add(new Question(requests.get(i), all.get(i)));
    }
    List<Waiting.Entries> endless = all.stream().filter(Waiting.Entries::isEndless).toList();
    if (!endless.isEmpty()) {
      questions.add(new Question(ApiMessage.of(PING), new Waiting.Pong(endless, waiting)));
    }
    ask(questions);
    return all.stream().map(Waiting.Entries::answer).toList();
  }

  /** Sends a request that many messages answer, and waits for all of them. */
  public List<ApiMessage> dump(ApiMessage request) throws ApiException {
    return await(stream(request), request.name());
  }

  /** Sends requests that many messages answer each, and waits for all of all. */
  public List<List<ApiMessage>> dumps(List<ApiMessage> requests) throws ApiException {
    List<CompletableFuture<List<ApiMessage>>> sent = streams(requests);
    List<List<ApiMessage>> answers = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      answers.add(await(sent.get(i), requests.get(i).name()));
    }
    return answers;
  }

  /** Calls the listener with each message that answers no request; it must not block. */
  public void onEvent(Consumer<ApiMessage> listener) {
    listeners.add(listener);
  }

  /** Completes with the reason when the connection has ended. */
  public CompletableFuture<ApiException> end() {
    return end.copy();
  }

  /** Why it has ended; empty if it has not. */
  public Optional<ApiException> whyEnded() {
    return Optional.ofNullable(end.getNow(null));
  }

  /** Whether it has not ended. */
  public boolean isOpen() {
    return !end.isDone();
  }

  @Override
  public void close() {
    wire.close();
  }

  /**
   * What an answer is, waited for as long as VPP may take.
   *
   * @param message what was asked, for messages
   */
  public <T> T await(CompletableFuture<T> future, String message) throws ApiException {
    try {
      return future.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new ApiException(
          Kind.LATE,
          "VPP at %s: no answer to %s for %d ms (expected: an answer)"
              .formatted(settings.socket(), message, settings.timeout().toMillis()),
          late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ApiException(
          Kind.LATE, "VPP at %s: interrupted".formatted(settings.socket()), interrupted);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof ApiException why) {
        throw why.again();
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** Asks a VPP that can describe its messages for those that the schema does not know. */
  private void learn() throws ApiException {
    Optional<MessageType> question = dictionary.bootstrap();
    if (question.isEmpty() || dictionary.isComplete()) {
      return;
    }
    String json = request(ApiMessage.of(question.get().name())).text("json");
    ApiSchema told = ApiSchema.parse("VPP at " + settings.socket(), json);
    dictionary =
        Dictionary.of(dictionary.table(), ApiSchema.join(List.of(settings.schema(), told)));
  }

  /** Sends questions; one that cannot be sent fails alone. */
  private void ask(List<Question> questions) {
    List<byte[]> messages = new ArrayList<>();
    List<Integer> asked = new ArrayList<>();
    for (Question question : questions) {
      int context = contexts.incrementAndGet();
      try {
        messages.add(dictionary.encode(question.request(), client, context, settings));
        waiting.put(context, question.who());
        question.who().asked(context);
        asked.add(context);
      } catch (ApiException unsent) {
        question.who().failed(unsent);
      }
    }
    try {
      if (!wire.send(messages) || end.isDone()) {
        asked.forEach(context -> fail(context, endedBefore()));
      }
    } catch (ApiException unsent) {
      asked.forEach(context -> fail(context, unsent));
    }
  }

  private void fail(int context, ApiException why) {
    Waiting who = waiting.remove(context);
    if (who != null) {
      who.failed(why);
    }
  }

  private ApiException endedBefore() {
    ApiException why = end.getNow(null);
    return why != null
        ? why.again()
        : new ApiException(Kind.AWAY, "VPP at %s: closed".formatted(settings.socket()));
  }

  /** The message that ends what answers a request; empty if there is none, as for older dumps. */
  private Optional<String> endOf(ApiMessage request) {
    return dictionary
        .schema()
        .service(request.name())
        .filter(service -> service.entry().isPresent())
        .map(ApiService::reply);
  }

  /** Receives frames; called by the reading task only. */
  private final class Reader implements Wire.Listener {

    @Override
    public void frame(ByteBuffer octets) {
      try {
        if (!welcome.isDone()) {
          welcome.complete(Handshake.welcome(octets));
          return;
        }
        dictionary.decode(octets).ifPresent(this::message);
      } catch (ApiException unreadable) {
        LOG.warn("VPP at {}: {}", settings.socket(), unreadable.getMessage());
        welcome.completeExceptionally(unreadable);
        octetsAreLost(unreadable);
      }
    }

    private void message(Dictionary.Arrival arrival) {
      if (arrival.context().isEmpty()) {
        listeners.forEach(listener -> listener.accept(arrival.message()));
        return;
      }
      int context = arrival.context().getAsInt();
      Waiting who = waiting.get(context);
      if (who != null && who.answered(arrival.message())) {
        waiting.remove(context);
      }
    }

    private void octetsAreLost(ApiException why) {
      end.complete(why);
      wire.close();
    }

    @Override
    public void ended(ApiException why) {
      end.complete(why);
      welcome.completeExceptionally(why);
      for (Integer context : new HashMap<>(waiting).keySet()) {
        fail(context, end.getNow(why).again());
      }
    }
  }
}
