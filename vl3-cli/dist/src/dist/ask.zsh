# ask.zsh DIRECTORY LINE TEXT: what zsh, with the completions of DIRECTORY, shows after LINE and a tab, until it has shown TEXT.
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "unsetopt zle_bracketed_paste; PS1='ready> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; echo begun-\$?"
zpty -r -m shell said '*begun-0*'
zpty -w -n shell "$2"$'\t'
zpty -r -m shell said "*$3*"
print -r -- "$said"
