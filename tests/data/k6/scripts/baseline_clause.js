import http from 'k6/http';

const cfg = {
	vus: 3,
	duration: '30s',
	minIterationDuration: '1s',
	insecureSkipTLSVerify: true,
};

export { cfg as options };

export default () => http.get('http://127.0.0.1:8080/');
