" Groups of files as Vim sets them: vim -u NONE -es --cmd 'let g:out = DIR' -S groups.vim FILE... writes DIR/NAME.vim for each
" file, with a line for each of its own: the group of each byte, "-" for none.
set nocompatible encoding=utf-8
execute 'set runtimepath^=' . fnameescape(expand('<sfile>:p:h:h') . '/vim')
filetype on
syntax on
for s:file in argv()
  execute 'edit ' . fnameescape(s:file)
  if &filetype !=# 'space' || get(b:, 'current_syntax', '') !=# 'space'
    cquit
  endif
  syntax sync fromstart
  let s:lines = []
  for s:line in range(1, line('$'))
    let s:groups = map(range(1, strlen(getline(s:line))), {_, c -> synIDattr(synID(s:line, c, 1), 'name')})
    call add(s:lines, join(map(s:groups, {_, g -> g ==# '' ? '-' : g}), ' '))
  endfor
  call writefile(s:lines, g:out . '/' . fnamemodify(s:file, ':t') . '.vim')
endfor
quitall!
