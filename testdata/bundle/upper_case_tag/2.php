<?PHP
echo 'c';