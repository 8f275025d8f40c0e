/* Looks each name up as a program does, and prints what came of it: "NAME FAILED" or "NAME OK COUNT". */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

static const char *said(int failure) {
  switch (failure) {
    case EAI_NONAME: return "EAI_NONAME";
    case EAI_AGAIN: return "EAI_AGAIN";
    default: return gai_strerror(failure);
  }
}

int main(int count, char **names) {
  for (int i = 1; i < count; i++) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(names[i], NULL, &hints, &found);
    int addresses = 0;
    for (struct addrinfo *each = failure ? NULL : found; each; each = each->ai_next) addresses++;
    if (failure) {
      printf("%s %s\n", names[i], said(failure));
    } else {
      printf("%s OK %d\n", names[i], addresses);
      freeaddrinfo(found);
    }
  }
  return 0;
}
